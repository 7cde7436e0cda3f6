package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;

/**
 * One replica (one prefix) in one store. Implementations are safe for concurrent use by many
 * threads.
 *
 * <p>Errors: {@link TidewalException.NotFound}, {@link TidewalException.PermissionDenied}, {@link
 * TidewalException.PreconditionFailed}, {@link TidewalException.StoreUnreachable} (transient errors
 * after bounded retries), {@link TidewalException.Cancelled} (thread interrupted; noticed within a
 * second). Messages name operation, key and attempts.
 */
public interface ReplicaClient extends AutoCloseable {
  /** "file", "s3", ... */
  String type();

  /** Where the replica is, as a user would write it; no secrets. */
  String url();

  /**
   * Lists a level lazily, in pages, ascending by (min, max), from the first object with {@code min
   * >= seek}.
   *
   * @param exactTimes fetch each object's metadata too, so that {@link ObjectInfo#metadata} is
   *     filled
   */
  Iterator<ObjectInfo> list(int level, Txid seek, boolean exactTimes);

  /** Size, times and metadata of one object. */
  ObjectInfo stat(LtxName name);

  /**
   * Reads an object.
   *
   * <p>The stream's own errors are the exceptions above, too: a body that breaks off is resumed
   * where the store allows it, and never ends early in silence.
   *
   * @param offset first byte; beyond the end is {@link TidewalException.Corrupt}
   * @param size bytes to read, 0 = to the end; a range that reaches beyond the end is cut there
   */
  InputStream open(LtxName name, long offset, long size);

  /**
   * Stores an object, all or nothing.
   *
   * @param maxSizeBytes an upper bound of its size, from which the part size of a multipart upload
   *     follows
   * @param content writes the bytes; called again when an attempt failed
   * @throws java.io.UncheckedIOException around an IOException of the content itself
   */
  ObjectInfo write(
      LtxName name, ObjectMetadata metadata, WriteMode mode, long maxSizeBytes, Content content);

  /** Copies an object inside the store with its metadata, replacing {@code to}. */
  ObjectInfo copy(LtxName from, LtxName to);

  /** Deletes objects; absent ones are no error. */
  void delete(Collection<LtxName> names);

  /**
   * Deletes every object of our own layout below the prefix, nothing else. Repeating it succeeds.
   */
  void deleteAll();

  /**
   * A small control document, kept in {@code .tidewal/} below the prefix.
   *
   * @param name a plain file name such as {@code replica.json}
   */
  Optional<byte[]> readDocument(String name);

  /** Stores a control document; {@link TidewalException.PreconditionFailed} as {@link #write}. */
  void writeDocument(String name, byte[] bytes, WriteMode mode);

  /** Access to keys that are no LTX names; empty where there is none. */
  default Optional<ObjectBrowser> browser() {
    return Optional.empty();
  }

  /**
   * The store's clock: its newest answer, and the monotonic clock since. A file store is asked by a
   * temporary file if it has not answered yet.
   */
  Instant storeTime();

  @Override
  void close();

  /** Produces the bytes of an object. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Whether an existing object may be replaced. */
  enum WriteMode {
    /** {@code If-None-Match: *}, or {@code link()}: an existing object fails the write. */
    CREATE,
    /** Replaces silently. */
    REPLACE
  }
}
