package dev.tidewal.config;

import dev.tidewal.core.Quoted;
import dev.tidewal.core.TidewalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One map of the file, with the maps around it, from which inherited keys get their defaults.
 *
 * @param name in messages; empty at the top
 * @param outer the map around, unless this is the top
 */
record Section(SourceFile source, String name, YamlNode.Mapping mapping, Optional<Section> outer) {

  /** The value, or the one further out, or the key's default. */
  <T> T get(Key<T> key) {
    return find(key).orElseGet(() -> standard(key));
  }

  /** The value, or the one further out. */
  <T> Optional<T> find(Key<T> key) {
    Optional<T> here = findHere(key);
    return here.isPresent() || !key.inherited()
        ? here
        : outer.flatMap(section -> section.find(key));
  }

  /** The value in this very map. */
  <T> Optional<T> findHere(Key<T> key) {
    return entry(key)
        .map(entry -> {
          try {
            return key.type().reader().read(entry.value());
          } catch (BadValue bad) {
            throw refuse(key, entry, bad);
          }
        });
  }

  /** Whether this comes from a file, where names of keys tell something. */
  boolean isFile() {
    return !source.equals(SourceFile.COMMAND_LINE);
  }

  boolean hasHere(Key<?> key) {
    return entry(key).isPresent();
  }

  /** The maps of a list; where a single text stands for a map, it is the value of {@code short}. */
  List<Section> sections(Key<List<YamlNode>> key, Optional<String> shortFor) {
    List<Section> sections = new ArrayList<>();
    String listName = entry(key).map(YamlNode.Entry::writtenAs).orElse(key.name());
    for (YamlNode item : findHere(key).orElse(List.of())) {
      String itemName = qualified(listName) + "[" + sections.size() + "]";
      YamlNode.Mapping map =
          switch (item) {
            case YamlNode.Mapping mapping -> mapping;
            case YamlNode.Scalar text when shortFor.isPresent() && !text.isEmpty() ->
                new YamlNode.Mapping(
                    Map.of(
                        shortFor.get(),
                        new YamlNode.Entry(shortFor.get(), text, text.line(), false)),
                    text.line());
            case YamlNode.Scalar _, YamlNode.Sequence _ ->
                throw source.error(item.line(), itemName + " is not a map of keys");
          };
      sections.add(new Section(source, itemName, map, Optional.of(this)));
    }
    return List.copyOf(sections);
  }

  /** The line of a key, wherever it is set; the line of this map where it is not. */
  int line(Key<?> key) {
    return holder(key).entry(key).map(YamlNode.Entry::line).orElse(mapping.line());
  }

  /** An error about a key, at the place where it is set. */
  TidewalException.Usage error(Key<?> key, String problem) {
    Section holder = holder(key);
    String written = holder.entry(key).map(YamlNode.Entry::writtenAs).orElse(key.name());
    return source.error(line(key), holder.qualified(written) + " " + problem);
  }

  /** The innermost map that sets the key, or this one. */
  private Section holder(Key<?> key) {
    if (hasHere(key) || !key.inherited() || outer.isEmpty()) {
      return this;
    }
    Section further = outer.get().holder(key);
    return further.hasHere(key) ? further : this;
  }

  /** An error about the map as a whole. */
  TidewalException.Usage error(String problem) {
    return source.error(mapping.line(), (name.isEmpty() ? "" : name + " ") + problem);
  }

  /** The key as a reader of the file finds it: {@code databases[0].wal-limit}. */
  String qualified(String key) {
    return name.isEmpty() ? key : name + "." + key;
  }

  private Optional<YamlNode.Entry> entry(Key<?> key) {
    Optional<YamlNode.Entry> first =
        mapping
            .find(key.firstName())
            .or(() -> key.alias().flatMap(mapping::find))
            .filter(entry -> !entry.value().isEmpty());
    if (first.isEmpty() || key.secondName().isEmpty()) {
      return first;
    }
    return switch (first.get().value()) {
      case YamlNode.Mapping inner ->
          inner
              .find(key.secondName().get())
              .map(entry -> dotted(key, entry))
              .filter(entry -> !entry.value().isEmpty());
      case YamlNode.Scalar _, YamlNode.Sequence _ ->
          throw source.error(
              first.get().line(),
              qualified(first.get().writtenAs()) + " is not a map of keys, such as " + key.name());
    };
  }

  /** A translated key keeps the name that the user wrote. */
  private static YamlNode.Entry dotted(Key<?> key, YamlNode.Entry entry) {
    boolean asDeclared = key.secondName().equals(Optional.of(entry.writtenAs()));
    return new YamlNode.Entry(
        asDeclared ? key.name() : entry.writtenAs(), entry.value(), entry.line(), false);
  }

  private TidewalException.Usage refuse(Key<?> key, YamlNode.Entry entry, BadValue bad) {
    String shown =
        bad.node() instanceof YamlNode.Scalar text && !key.type().isSecret()
            ? " " + Quoted.of(text.text())
            : "";
    return source.error(
        bad.node().line(), qualified(entry.writtenAs()) + shown + " " + bad.getMessage());
  }

  private static <T> T standard(Key<T> key) {
    String text = key.standard().orElseThrow(() -> new IllegalStateException(key.name()));
    try {
      return key.type().reader().read(new YamlNode.Scalar(text, 0));
    } catch (BadValue bad) {
      throw new IllegalStateException(key.name() + " has a bad default", bad);
    }
  }
}
