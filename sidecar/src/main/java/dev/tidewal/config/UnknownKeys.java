package dev.tidewal.config;

import dev.tidewal.core.Nearest;
import dev.tidewal.core.Quoted;
import dev.tidewal.core.TidewalException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds keys that nobody reads: a typo must not silently mean a default. */
final class UnknownKeys {
  private UnknownKeys() {}

  /**
   * Looks at a map and the maps of dotted keys in it.
   *
   * @throws TidewalException.Usage with file, line and the key that was probably meant
   */
  static void refuse(Section section, Place place) {
    section
        .mapping()
        .entries()
        .forEach((name, entry) -> {
          List<Key<?>> named = place.allowed().stream().filter(key -> key.isCalled(name)).toList();
          boolean onlyToBeMerged = place == Place.TOP && entry.anchored();
          if (named.isEmpty() && !onlyToBeMerged) {
            throw section.source().error(entry.line(), unknown(section, entry.writtenAs(), place));
          }
          refuseTwoNames(section, named, entry);
          Set<String> inner =
              named.stream().flatMap(key -> key.secondName().stream()).collect(Collectors.toSet());
          if (!inner.isEmpty() && entry.value() instanceof YamlNode.Mapping mapping) {
            refuseInner(section, name, mapping, inner);
          }
        });
  }

  private static void refuseTwoNames(Section section, List<Key<?>> named, YamlNode.Entry entry) {
    for (Key<?> key : named) {
      boolean byAlias = key.alias().filter(entry.writtenAs()::equals).isPresent();
      if (byAlias && section.mapping().find(key.firstName()).isPresent()) {
        throw section
            .source()
            .error(
                entry.line(),
                section.qualified(entry.writtenAs())
                    + " is another name of '"
                    + key.name()
                    + "'; keep one");
      }
    }
  }

  private static void refuseInner(
      Section section, String name, YamlNode.Mapping mapping, Set<String> known) {
    mapping
        .entries()
        .forEach((innerName, entry) -> {
          if (!known.contains(innerName)) {
            throw section
                .source()
                .error(
                    entry.line(),
                    "unknown key "
                        + Quoted.of(innerName)
                        + " in "
                        + section.qualified(name)
                        + didYouMean(innerName, known).orElse(oneOf(known)));
          }
        });
  }

  private static String unknown(Section section, String name, Place place) {
    String where = section.name().isEmpty() ? "" : " in " + section.name();
    Optional<Place> home =
        Arrays.stream(Place.values())
            .filter(other -> other.own().stream().anyMatch(key -> key.isCalled(name)))
            .findFirst();
    if (home.isPresent()) {
      return Quoted.of(name) + where + " belongs to " + home.get().shown() + ", not here";
    }
    Set<String> known =
        place.allowed().stream().map(Key::firstName).collect(Collectors.toUnmodifiableSet());
    return "unknown key "
        + Quoted.of(name)
        + where
        + LitestreamKeys.nameHere(name)
            .map(here -> "; here it is '" + here + "'")
            .or(() -> didYouMean(name, known))
            .orElse("; docs/operations.md lists all keys");
  }

  static Optional<String> didYouMean(String name, Set<String> known) {
    return Nearest.to(name, known.stream().sorted().toList())
        .map(near -> "; did you mean '" + near + "'?");
  }

  private static String oneOf(Set<String> known) {
    return "; known: " + known.stream().sorted().collect(Collectors.joining(", "));
  }
}
