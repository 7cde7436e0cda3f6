package dev.tidewal.replica;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.util.Optional;

/**
 * The keys of one replica in a bucket: {@code <prefix>/<level as 4 hex digits>/<min>-<max>.ltx} and
 * {@code <prefix>/.tidewal/<document>}. An empty prefix makes keys that begin with a slash, because
 * Litestream's do.
 */
record S3Keys(String prefix) {
  boolean beginWithSlash() {
    return prefix.isEmpty() || prefix.startsWith("/");
  }

  String level(int level) {
    return prefix + "/" + String.format("%04x", level) + "/";
  }

  String object(LtxName name) {
    return level(name.level()) + name.fileName();
  }

  /** Sorts right before every name from {@code seek} on. */
  String before(int level, Txid seek) {
    return level(level) + seek;
  }

  String documents() {
    return prefix + "/.tidewal/";
  }

  String document(String name) {
    return documents() + DocumentName.checked(name);
  }

  /** The object behind a key of a level, or empty for a stranger. */
  Optional<LtxName> parse(int level, String key) {
    String directory = level(level);
    return key.startsWith(directory)
        ? LtxName.parse(level, key.substring(directory.length()))
        : Optional.empty();
  }

  boolean isObject(String key) {
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      if (parse(level, key).isPresent()) {
        return true;
      }
    }
    return false;
  }

  boolean isDocument(String key) {
    return key.startsWith(documents()) && DocumentName.isValid(key.substring(documents().length()));
  }
}
