package dev.tidewal.core;

import dev.tidewal.core.BucketInfoKey.Format;
import dev.tidewal.core.BucketInfoKey.Protocol;
import java.util.Map;
import java.util.Optional;

/**
 * A BucketInfo taken apart, before its completeness is judged.
 *
 * @param where the file or directory it came from
 * @param format which names its fields have
 * @param credentials what it says about credentials
 * @param values what is there; an empty text means there, but empty
 */
record BucketInfoValues(
    String where,
    Format format,
    Protocol protocol,
    Credentials credentials,
    Map<BucketInfoKey, String> values) {

  BucketInfoValues {
    values = Map.copyOf(values);
  }

  Optional<String> find(BucketInfoKey key) {
    return Optional.ofNullable(values.get(key)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** The field's name with its state: "BUCKET_NAME is empty". */
  String lacking(BucketInfoKey key) {
    return key.name(format) + (values.containsKey(key) ? " is empty" : " is missing");
  }

  TidewalException.Usage error(BucketInfoKey key, String problem) {
    return new TidewalException.Usage(where + ": " + key.name(format) + " " + problem);
  }

  /** What the format tells about keys. */
  enum Credentials {
    /** Keys must be there. */
    KEYS,
    /** No keys: the SDK's default chain. */
    CHAIN
  }
}
