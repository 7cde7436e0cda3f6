package dev.tidewal.config;

import dev.tidewal.config.YamlNode.Entry;
import dev.tidewal.config.YamlNode.Mapping;
import dev.tidewal.config.YamlNode.Scalar;
import dev.tidewal.config.YamlNode.Sequence;
import dev.tidewal.core.Quoted;
import dev.tidewal.core.TidewalException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * From the tree of a litestream.yml, 0.3 or 0.5, to the tree that the same settings have in
 * tidewal.yml. Entries keep the user's names and lines.
 */
final class LitestreamTranslation {
  private final SourceFile source;
  private final Notes notes;

  LitestreamTranslation(SourceFile source, Notes notes) {
    this.source = source;
    this.notes = notes;
  }

  /**
   * Translates a file.
   *
   * @param logLevel of the variable LOG_LEVEL, which wins over the file; empty = not set
   * @throws TidewalException.Usage for what can't be left out
   */
  Mapping translate(Mapping file, String logLevel) {
    Map<String, Entry> top = new LinkedHashMap<>(map(file, LitestreamKeys.TOP, "", true).entries());
    if (!logLevel.isEmpty()) {
      put("logging.level", new Entry("LOG_LEVEL", new Scalar(logLevel, 0), 0, false), top);
    }
    top.computeIfPresent(
        "databases", (_, dbs) -> dbs.withValue(eachOf(dbs.value(), this::database)));
    return new Mapping(top, file.line());
  }

  private YamlNode database(YamlNode node) {
    if (!(node instanceof Mapping db)) {
      return node;
    }
    if (isSet(db, "replica") && isSet(db, "replicas")) {
      throw source.error(db.line(), "a database has both 'replica' and 'replicas'; keep one");
    }
    Mapping translated = map(db, LitestreamKeys.DATABASE, " of a database", false);
    return changed(
        translated,
        "destinations",
        replicas ->
            replicas instanceof Mapping single
                ? new Sequence(List.of(replica(single)), single.line())
                : eachOf(replicas, this::replica));
  }

  private YamlNode replica(YamlNode node) {
    if (!(node instanceof Mapping replica)) {
      return node;
    }
    Mapping translated = map(replica, LitestreamKeys.REPLICA, " of a replica", false);
    return changed(translated, "snapshot", LitestreamTranslation::snapshotEachRetention);
  }

  /** 0.3 takes a snapshot each time that retention is due, unless told otherwise. */
  private static YamlNode snapshotEachRetention(YamlNode node) {
    if (!(node instanceof Mapping snapshot) || isSet(snapshot, "interval")) {
      return node;
    }
    Map<String, Entry> entries = new LinkedHashMap<>(snapshot.entries());
    snapshot.find("retention").ifPresent(retention -> entries.put("interval", retention));
    return new Mapping(entries, snapshot.line());
  }

  /** Applies a table of keys to a map. */
  private Mapping map(Mapping from, List<LitestreamKey> keys, String where, boolean isTop) {
    Map<String, Entry> to = new LinkedHashMap<>();
    from.entries()
        .forEach((name, entry) -> {
          Optional<LitestreamKey> known = LitestreamKeys.find(keys, name);
          if (known.isEmpty()) {
            if (!isTop || !entry.anchored()) {
              unknown(name, entry, keys, where);
            }
          } else if (!entry.value().isEmpty()) {
            translate(known.get(), entry, to);
          }
        });
    return new Mapping(to, from.line());
  }

  private void translate(LitestreamKey key, Entry entry, Map<String, Entry> to) {
    switch (key) {
      case LitestreamKey.Same(String name) -> to.put(name, entry.withValue(same(name, entry)));
      case LitestreamKey.Renamed(String _, String here) -> put(here, entry, to);
      case LitestreamKey.NotNeeded(String name, String why) ->
          notes.info(entry.line(), name + " is not needed: " + why);
      case LitestreamKey.Unsupported(String name, String instead) ->
          notes.warning(entry.line(), name + " is not supported: " + instead);
      case LitestreamKey.Refused(String name, String why) -> {
        if (holdsAnything(entry.value())) {
          throw source.error(entry.line(), name + " is not supported: " + why);
        }
      }
    }
  }

  /** Keys of the same name whose values are written in another way. */
  private YamlNode same(String name, Entry entry) {
    return switch (entry.value()) {
      case Sequence levels when name.equals("levels") ->
          new Sequence(
              levels.items().stream().map(LitestreamTranslation::interval).toList(), levels.line());
      case Mapping logging when name.equals("logging") ->
          changed(
              map(logging, LitestreamKeys.LOGGING, " of logging", false),
              "type",
              type ->
                  type instanceof Scalar(String text, int line) && text.equals("pretty")
                      ? new Scalar("text", line)
                      : type);
      case Mapping snapshot when name.equals("snapshot") ->
          map(snapshot, LitestreamKeys.SNAPSHOT, " of snapshot", false);
      case Mapping retention when name.equals("retention") ->
          map(retention, LitestreamKeys.RETENTION, " of retention", false);
      case YamlNode other -> other;
    };
  }

  private static YamlNode interval(YamlNode level) {
    return level instanceof Mapping map
        ? map.find("interval").map(Entry::value).orElse(level)
        : level;
  }

  /** Puts a value under a dotted key; its entry keeps the name that the user wrote. */
  private static void put(String key, Entry entry, Map<String, Entry> to) {
    int dot = key.indexOf('.');
    if (dot < 0) {
      to.put(key, entry);
      return;
    }
    String outer = key.substring(0, dot);
    Map<String, Entry> inner = new LinkedHashMap<>();
    Entry existing = to.get(outer);
    if (existing != null && existing.value() instanceof Mapping mapping) {
      inner.putAll(mapping.entries());
    }
    inner.put(key.substring(dot + 1), entry);
    to.put(outer, new Entry(outer, new Mapping(inner, entry.line()), entry.line(), false));
  }

  private void unknown(String name, Entry entry, List<LitestreamKey> keys, String where) {
    notes.warning(
        entry.line(),
        "unknown key "
            + Quoted.of(name)
            + where
            + " is ignored"
            + UnknownKeys.didYouMean(
                    name, keys.stream().map(LitestreamKey::name).collect(Collectors.toSet()))
                .orElse(""));
  }

  private static Mapping changed(Mapping map, String key, UnaryOperator<YamlNode> change) {
    Map<String, Entry> entries = new LinkedHashMap<>(map.entries());
    entries.computeIfPresent(key, (_, entry) -> entry.withValue(change.apply(entry.value())));
    return new Mapping(entries, map.line());
  }

  private static YamlNode eachOf(YamlNode node, UnaryOperator<YamlNode> change) {
    if (!(node instanceof Sequence sequence)) {
      return node;
    }
    List<YamlNode> items = new ArrayList<>();
    sequence.items().forEach(item -> items.add(change.apply(item)));
    return new Sequence(items, sequence.line());
  }

  private static boolean isSet(Mapping map, String key) {
    return map.find(key).filter(entry -> !entry.value().isEmpty()).isPresent();
  }

  private static boolean holdsAnything(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> !scalar.isEmpty();
      case Sequence sequence ->
          sequence.items().stream().anyMatch(LitestreamTranslation::holdsAnything);
      case Mapping map ->
          map.entries().values().stream()
              .map(Entry::value)
              .anyMatch(LitestreamTranslation::holdsAnything);
    };
  }
}
