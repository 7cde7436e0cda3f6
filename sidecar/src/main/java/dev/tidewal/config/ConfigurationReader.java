package dev.tidewal.config;

import dev.tidewal.core.Quoted;
import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads a configuration: {@code tidewal.yml} (it has {@code databases:}), Litestream's file (it has
 * {@code dbs:}), or arguments of the command line.
 *
 * <p>Whatever is wrong is a {@link TidewalException.Usage} with file and line; the one I/O besides
 * the file itself is a key of SSE-C. Safe for use by many threads.
 */
public final class ConfigurationReader {
  private static final long LARGEST_FILE_BYTES = 3 << 20;

  private final Map<String, String> environment;
  private final boolean expandVariables;

  /**
   * A reader.
   *
   * @param environment for variables in the file, and Litestream's variables with credentials
   * @param expandVariables false for {@code -no-expand-env}
   */
  public ConfigurationReader(Map<String, String> environment, boolean expandVariables) {
    this.environment = Map.copyOf(environment);
    this.expandVariables = expandVariables;
  }

  /**
   * The file that is meant when none is named: {@code TIDEWAL_CONFIG}, {@code /etc/tidewal.yml},
   * {@code LITESTREAM_CONFIG} or {@code /etc/litestream.yml}, the first that is there.
   */
  public static Optional<Path> standardFile(Map<String, String> environment) {
    return Stream.of(
            Optional.ofNullable(environment.get("TIDEWAL_CONFIG")),
            Optional.of("/etc/tidewal.yml"),
            Optional.ofNullable(environment.get("LITESTREAM_CONFIG")),
            Optional.of("/etc/litestream.yml"))
        .flatMap(Optional::stream)
        .map(Path::of)
        .filter(Files::exists)
        .findFirst();
  }

  /**
   * Reads a file of either dialect.
   *
   * @throws IOException when the file is there and can't be read
   */
  public LoadedConfiguration read(Path file) throws IOException {
    try {
      if (Files.size(file) > LARGEST_FILE_BYTES) {
        throw new TidewalException.Usage(file + ": larger than 3 MiB, so not a configuration");
      }
      return parse(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString(),
          file.toString());
    } catch (NoSuchFileException e) {
      throw new TidewalException.Usage(
          file + ": there is no such configuration file; name one with -config", e);
    } catch (CharacterCodingException e) {
      throw new TidewalException.Usage(file + ": not text in UTF-8, so not a configuration", e);
    }
  }

  /**
   * Reads the text of a file of either dialect.
   *
   * @param name what messages call the file
   */
  public LoadedConfiguration parse(String text, String name) {
    String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
    EnvironmentExpansion.Expanded expanded =
        expandVariables
            ? EnvironmentExpansion.expand(withoutMark, environment)
            : new EnvironmentExpansion.Expanded(withoutMark, LineMap.SAME, Map.of());
    SourceFile source = new SourceFile(name, expanded.lines());
    Notes notes = new Notes(source);
    expanded
        .unset()
        .forEach((variable, line) ->
            notes.warning(line, "the environment variable " + Quoted.of(variable) + " is not set"));
    YamlDocument document = YamlDocument.parse(expanded.text(), source);
    Dialect dialect = dialect(document, source);
    for (YamlDocument.Duplicate twice : document.duplicates()) {
      String problem =
          "key " + Quoted.of(twice.key()) + " stands in line " + twice.firstLine() + " too";
      if (dialect == Dialect.TIDEWAL) {
        throw source.error(twice.line(), problem + "; keep one");
      }
      notes.warning(twice.line(), problem + "; this one counts");
    }
    YamlNode.Mapping root =
        switch (dialect) {
          case TIDEWAL -> document.root();
          case LITESTREAM ->
              new LitestreamTranslation(source, notes)
                  .translate(document.root(), environment.getOrDefault("LOG_LEVEL", ""));
        };
    return load(root, source, dialect, notes);
  }

  /**
   * What {@code tidewal replicate DB URL [URL...]} means.
   *
   * @param urls at least one; the first is the authority
   */
  public LoadedConfiguration ofArguments(String database, List<String> urls) {
    if (urls.isEmpty() || (database.contains("://") && !database.startsWith("sqlite"))) {
      throw new TidewalException.Usage(
          urls.isEmpty()
              ? "no URL to replicate to: give the database first, then URLs"
              : Quoted.of(database) + " is a URL: give the database first, then URLs");
    }
    List<YamlNode> destinations =
        urls.stream().<YamlNode>map(ConfigurationReader::argument).toList();
    YamlNode.Mapping entry =
        map(
            Map.of(
                "path",
                argument(database),
                "destinations",
                new YamlNode.Sequence(destinations, 0)));
    YamlNode.Mapping root = map(Map.of("databases", new YamlNode.Sequence(List.of(entry), 0)));
    SourceFile source = SourceFile.COMMAND_LINE;
    return load(root, source, Dialect.TIDEWAL, new Notes(source));
  }

  /** The destination that a URL on the command line means: {@code tidewal restore URL}. */
  public DestinationConfig ofUrl(String url) {
    return ofArguments("/", List.of(url))
        .configuration()
        .databases()
        .getFirst()
        .destinations()
        .getFirst();
  }

  private LoadedConfiguration load(
      YamlNode.Mapping root, SourceFile source, Dialect dialect, Notes notes) {
    Section top = new Section(source, "", root, Optional.empty());
    DestinationParser destinations = new DestinationParser(dialect, environment, notes);
    return new LoadedConfiguration(new ConfigurationParser(destinations).parse(top), notes.all());
  }

  private static Dialect dialect(YamlDocument document, SourceFile source) {
    Optional<YamlNode.Entry> ours = document.root().find(Keys.DATABASES.name());
    Optional<YamlNode.Entry> litestreams = document.root().find("dbs");
    if (ours.isPresent() && litestreams.isPresent()) {
      throw source.error(
          litestreams.get().line(), "'dbs' (Litestream's) and 'databases' exclude each other");
    }
    return litestreams.isPresent() ? Dialect.LITESTREAM : Dialect.TIDEWAL;
  }

  private static YamlNode.Scalar argument(String text) {
    return new YamlNode.Scalar(text, 0);
  }

  private static YamlNode.Mapping map(Map<String, YamlNode> values) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    values.forEach((key, value) -> entries.put(key, new YamlNode.Entry(key, value, 0, false)));
    return new YamlNode.Mapping(entries, 0);
  }
}
