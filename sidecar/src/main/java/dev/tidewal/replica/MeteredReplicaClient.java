package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Tells an observer of each operation. For stores without requests of their own to count; the S3
 * client tells of every request itself. A read is told when its stream is closed.
 */
public final class MeteredReplicaClient extends DecoratedReplicaClient {
  private final RequestObserver observer;

  public MeteredReplicaClient(ReplicaClient delegate, RequestObserver observer) {
    super(delegate);
    this.observer = observer;
  }

  @Override
  public Iterator<ObjectInfo> list(int level, Txid seek, boolean exactTimes) {
    return metered("list", () -> delegate.list(level, seek, exactTimes), listing -> 0);
  }

  @Override
  public ObjectInfo stat(LtxName name) {
    return metered("stat", () -> delegate.stat(name), info -> 0);
  }

  @Override
  public InputStream open(LtxName name, long offset, long size) {
    long start = System.nanoTime();
    InputStream body;
    try {
      body = delegate.open(name, offset, size);
    } catch (TidewalException e) {
      observer.onRequest("read", code(e), since(start), 0);
      throw e;
    }
    return new Counted(body, since(start));
  }

  @Override
  public ObjectInfo write(
      LtxName name, ObjectMetadata metadata, WriteMode mode, long maxSizeBytes, Content content) {
    return metered(
        "write",
        () -> delegate.write(name, metadata, mode, maxSizeBytes, content),
        ObjectInfo::sizeBytes);
  }

  @Override
  public ObjectInfo copy(LtxName from, LtxName to) {
    return metered("copy", () -> delegate.copy(from, to), info -> 0);
  }

  @Override
  public void delete(Collection<LtxName> names) {
    run("delete", () -> delegate.delete(names));
  }

  @Override
  public void deleteAll() {
    run("delete", delegate::deleteAll);
  }

  @Override
  public Optional<byte[]> readDocument(String name) {
    return metered(
        "read",
        () -> delegate.readDocument(name),
        bytes -> bytes.map(present -> present.length).orElse(0));
  }

  @Override
  public void writeDocument(String name, byte[] bytes, WriteMode mode) {
    metered(
        "write",
        () -> {
          delegate.writeDocument(name, bytes, mode);
          return bytes;
        },
        written -> written.length);
  }

  private void run(String operation, Runnable call) {
    metered(
        operation,
        () -> {
          call.run();
          return operation;
        },
        done -> 0);
  }

  private <T> T metered(String operation, Supplier<T> call, ToLongFunction<T> bytes) {
    long start = System.nanoTime();
    try {
      T result = call.get();
      observer.onRequest(operation, "ok", since(start), bytes.applyAsLong(result));
      return result;
    } catch (TidewalException e) {
      observer.onRequest(operation, code(e), since(start), 0);
      throw e;
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** As HTTP has them, so that files and buckets count alike. */
  private static String code(TidewalException e) {
    return switch (e) {
      case TidewalException.NotFound absent -> "404";
      case TidewalException.PermissionDenied denied -> "403";
      case TidewalException.PreconditionFailed present -> "412";
      case TidewalException.Cancelled cancelled -> "cancelled";
      case TidewalException.Corrupt corrupt -> "416";
      case TidewalException other -> "error";
    };
  }

  private final class Counted extends FilterInputStream {
    private final Duration opened;
    private long bytes;
    private boolean closed;

    private Counted(InputStream body, Duration opened) {
      super(body);
      this.opened = opened;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      bytes += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      bytes += Math.max(count, 0);
      return count;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        observer.onRequest("read", "ok", opened, bytes);
      }
      super.close();
    }
  }
}
