package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Iterator;

/**
 * Reads what lies below a replica's prefix under keys that are no LTX names: generations of
 * Litestream 0.3. Errors as {@link ReplicaClient}. Safe for concurrent use.
 */
public interface ObjectBrowser {
  /** Where it is, as a user would write it; no secrets. */
  String url();

  /**
   * Everything below a folder, however deep, in no particular order; nothing when it is not there.
   *
   * @param folder relative to the prefix, ends with a slash
   */
  Iterator<BrowsedObject> browse(String folder);

  /**
   * Reads an object.
   *
   * @param offset first byte
   * @param size bytes to read, 0 = to the end
   * @throws TidewalException.NotFound when it is not there
   */
  InputStream open(String key, long offset, long size);

  /**
   * An object as the store shows it.
   *
   * @param key relative to the prefix
   * @param modified LastModified, or the file's mtime
   */
  record BrowsedObject(String key, long sizeBytes, Instant modified) {}
}
