package dev.tidewal.core;

import dev.tidewal.core.BucketInfoKey.Format;
import dev.tidewal.core.BucketInfoKey.Protocol;
import dev.tidewal.core.BucketInfoValues.Credentials;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The flat Secret keys of COSI v1alpha2: {@code COSI_S3_BUCKET_ID} and so on in its code (format
 * B), {@code BUCKET_NAME}, {@code AWS_ACCESS_KEY_ID} and so on in its proposal (format C).
 *
 * <p>The format is told by which keys exist; {@code COSI_PROTOCOL} is often absent.
 */
final class BucketInfoFlatKeys {
  private final Map<String, String> data;
  private final String where;

  private BucketInfoFlatKeys(Map<String, String> data, String where) {
    this.data = data;
    this.where = where;
  }

  static BucketInfoValues read(Map<String, String> data, String where) {
    return new BucketInfoFlatKeys(data, where).read();
  }

  private BucketInfoValues read() {
    Protocol protocol = protocol();
    Format format = hasNames(Format.COSI_KEYS, protocol) ? Format.COSI_KEYS : Format.SDK_KEYS;
    Map<BucketInfoKey, String> values = new EnumMap<>(BucketInfoKey.class);
    for (BucketInfoKey key : BucketInfoKey.values()) {
      if (key.protocol().map(protocol::equals).orElse(true)) {
        value(key).ifPresent(text -> values.put(key, text));
      }
    }
    return new BucketInfoValues(where, format, protocol, Credentials.KEYS, values);
  }

  private Protocol protocol() {
    Optional<Protocol> named =
        value(BucketInfoKey.PROTOCOL).filter(t -> !t.isBlank()).map(this::named);
    Map<Protocol, String> told = toldByKeys();
    if (told.size() > 1) {
      throw new TidewalException.Usage(
          where + ": keys of several protocols " + told + ": exactly one is usable");
    }
    Optional<Protocol> only = told.keySet().stream().findFirst();
    if (named.isPresent() && only.isPresent() && !named.equals(only)) {
      throw new TidewalException.Usage(
          where + ": COSI_PROTOCOL is " + named.get() + ", but the keys are for " + only.get());
    }
    return named
        .or(() -> only)
        .or(() -> data.containsKey("BUCKET_NAME") ? Optional.of(Protocol.S3) : Optional.empty())
        .orElseThrow(() ->
            new TidewalException.Usage(
                where
                    + ": no key of a BucketInfo in any known format, found only "
                    + new TreeSet<>(data.keySet())
                    + "; mount the Secret of a COSI BucketAccess as a directory"));
  }

  private Protocol named(String text) {
    return Protocol.parse(text)
        .orElseThrow(() ->
            new TidewalException.Usage(
                where + ": COSI_PROTOCOL is " + Quoted.of(text) + ": S3, Azure and GCS are known"));
  }

  /** Each protocol that a key gives away, with that key; empty keys count only without others. */
  private Map<Protocol, String> toldByKeys() {
    Map<Protocol, String> filled = new TreeMap<>();
    Map<Protocol, String> present = new TreeMap<>();
    for (BucketInfoKey key : BucketInfoKey.values()) {
      for (String name : flatNames(key)) {
        if (key.protocol().isPresent() && data.containsKey(name) && !name.equals("BUCKET_NAME")) {
          present.putIfAbsent(key.protocol().get(), name);
          if (!data.getOrDefault(name, "").isBlank()) {
            filled.putIfAbsent(key.protocol().get(), name);
          }
        }
      }
    }
    return filled.isEmpty() ? present : filled;
  }

  private boolean hasNames(Format format, Protocol protocol) {
    return Arrays.stream(BucketInfoKey.values())
        .filter(key -> key.protocol().equals(Optional.of(protocol)))
        .anyMatch(key -> data.containsKey(key.name(format)));
  }

  /** The value under either name; both names with different values are a contradiction. */
  private Optional<String> value(BucketInfoKey key) {
    List<String> present = flatNames(key).stream().filter(data::containsKey).toList();
    Set<String> values =
        present.stream()
            .map(name -> data.getOrDefault(name, "").strip())
            .filter(text -> !text.isEmpty())
            .collect(Collectors.toSet());
    if (values.size() > 1) {
      throw new TidewalException.Usage(
          where + ": " + String.join(" and ", present) + " differ: keep one of them");
    }
    return values.stream()
        .findFirst()
        .or(() -> present.isEmpty() ? Optional.empty() : Optional.of(""));
  }

  private static Set<String> flatNames(BucketInfoKey key) {
    Set<String> names = new TreeSet<>(Set.of(key.name(Format.COSI_KEYS)));
    names.add(key.name(Format.SDK_KEYS));
    names.remove("");
    return names;
  }
}
