package dev.tidewal.config;

import dev.tidewal.core.TidewalException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A YAML file as a tree with line numbers, from SnakeYAML's composer.
 *
 * @param root the top-level map; empty for an empty file
 * @param duplicates keys that stand twice in one map; the last one is in the tree
 */
record YamlDocument(YamlNode.Mapping root, List<Duplicate> duplicates) {

  /** A key that stands twice in one map. */
  record Duplicate(String key, int line, int firstLine) {}

  YamlDocument {
    duplicates = List.copyOf(duplicates);
  }

  /**
   * Reads the text.
   *
   * @param source names the file and translates lines
   * @throws TidewalException.Usage with file and line; never with a part of the file, which holds
   *     secrets
   */
  static YamlDocument parse(String text, SourceFile source) {
    return new Reading(source).read(text);
  }

  /** One pass over one file. */
  private static final class Reading {
    /** Far above any real file; below what aliases of aliases can be blown up to. */
    private static final int MOST_NODES = 200_000;

    private static final int DEEPEST = 50;

    private final SourceFile source;
    private final List<Duplicate> duplicates = new ArrayList<>();
    private int nodes;
    private int depth;

    Reading(SourceFile source) {
      this.source = source;
    }

    YamlDocument read(String text) {
      YamlNode root = compose(text);
      if (root.isEmpty()) {
        return new YamlDocument(new YamlNode.Mapping(Map.of(), 1), duplicates);
      }
      if (root instanceof YamlNode.Mapping mapping) {
        return new YamlDocument(mapping, duplicates);
      }
      throw source.error(root.line(), "not a map of keys; start with 'databases:'");
    }

    private YamlNode compose(String text) {
      LoaderOptions options = new LoaderOptions();
      options.setMaxAliasesForCollections(MOST_NODES);
      try {
        Node root =
            new Composer(
                    new ParserImpl(new StreamReader(new StringReader(text)), options),
                    new Resolver(),
                    options)
                .getSingleNode();
        return root == null ? new YamlNode.Scalar("", 1) : convert(root);
      } catch (MarkedYAMLException e) {
        // The exception's own message quotes the file.
        int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
        String problem =
            String.valueOf(e.getProblem())
                .replaceFirst(
                    "(undefined alias|tag handle) .*", "$1 (put quotes around the value)");
        String hint = problem.contains("<block end>") ? ", look at the indentation" : "";
        throw source.error(source.line(line), "not valid YAML" + hint + ": " + problem);
      } catch (YAMLException e) {
        throw source.error(1, "not valid YAML: a character that YAML doesn't allow, or too deep");
      }
    }

    private YamlNode convert(Node node) {
      int line = source.line(node.getStartMark().getLine() + 1);
      if (++nodes > MOST_NODES || depth > DEEPEST) {
        throw source.error(line, "too many aliases, or one that contains itself");
      }
      depth++;
      YamlNode converted =
          switch (node) {
            case SequenceNode list ->
                new YamlNode.Sequence(list.getValue().stream().map(this::convert).toList(), line);
            case MappingNode mapping -> convert(mapping, line);
            case ScalarNode text when !text.getTag().equals(Tag.NULL) ->
                new YamlNode.Scalar(text.getValue(), line);
            default -> new YamlNode.Scalar("", line);
          };
      depth--;
      return converted;
    }

    private YamlNode.Mapping convert(MappingNode mapping, int line) {
      Map<String, YamlNode.Entry> own = new LinkedHashMap<>();
      Map<String, YamlNode.Entry> merged = new LinkedHashMap<>();
      for (NodeTuple tuple : mapping.getValue()) {
        int keyLine = source.line(tuple.getKeyNode().getStartMark().getLine() + 1);
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
          throw source.error(keyLine, "a key that is not text");
        }
        YamlNode value = convert(tuple.getValueNode());
        if (key.getTag().equals(Tag.MERGE)) {
          merge(value, merged);
          continue;
        }
        boolean anchored = tuple.getValueNode().getAnchor() != null;
        YamlNode.Entry entry = new YamlNode.Entry(key.getValue(), value, keyLine, anchored);
        YamlNode.Entry first = own.put(key.getValue(), entry);
        if (first != null) {
          duplicates.add(new Duplicate(key.getValue(), keyLine, first.line()));
        }
      }
      merged.forEach(own::putIfAbsent);
      return new YamlNode.Mapping(own, line);
    }

    /** What the map has itself wins over what is merged, and an earlier merge over a later one. */
    private void merge(YamlNode value, Map<String, YamlNode.Entry> merged) {
      switch (value) {
        case YamlNode.Mapping other -> other.entries().forEach(merged::putIfAbsent);
        case YamlNode.Sequence others -> others.items().forEach(item -> merge(item, merged));
        case YamlNode.Scalar scalar -> throw source.error(scalar.line(), "'<<' merges only maps");
      }
    }
  }
}
