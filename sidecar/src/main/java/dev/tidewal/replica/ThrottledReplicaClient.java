package dev.tidewal.replica;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;

/**
 * Keeps the traffic of a client below a {@link TrafficLimit}. Requests are counted as S3 would bill
 * them: a page of a listing, a part of an upload, a batch of deletes.
 */
public final class ThrottledReplicaClient extends DecoratedReplicaClient {
  private static final int SLICE_BYTES = 64 * 1024;
  private static final int PAGE = 1_000;
  private static final long PART_BYTES = S3Storage.SMALLEST_PART.bytes();

  private final TrafficLimit limit;

  public ThrottledReplicaClient(ReplicaClient delegate, TrafficLimit limit) {
    super(delegate);
    this.limit = limit;
  }

  @Override
  public Iterator<ObjectInfo> list(int level, Txid seek, boolean exactTimes) {
    limit.requests(1);
    Iterator<ObjectInfo> listing = delegate.list(level, seek, exactTimes);
    return new Iterator<>() {
      private int count;

      @Override
      public boolean hasNext() {
        return listing.hasNext();
      }

      @Override
      public ObjectInfo next() {
        if (exactTimes || ++count % PAGE == 0) {
          limit.requests(1);
        }
        return listing.next();
      }
    };
  }

  @Override
  public ObjectInfo stat(LtxName name) {
    limit.requests(1);
    return delegate.stat(name);
  }

  @Override
  public InputStream open(LtxName name, long offset, long size) {
    limit.requests(1);
    return new SlowInput(delegate.open(name, offset, size));
  }

  @Override
  public ObjectInfo write(
      LtxName name, ObjectMetadata metadata, WriteMode mode, long maxSizeBytes, Content content) {
    limit.requests(1);
    return delegate.write(
        name, metadata, mode, maxSizeBytes, out -> content.writeTo(new SlowOutput(out)));
  }

  @Override
  public ObjectInfo copy(LtxName from, LtxName to) {
    limit.requests(2);
    return delegate.copy(from, to);
  }

  @Override
  public void delete(Collection<LtxName> names) {
    limit.requests(Math.ceilDiv(names.size(), PAGE));
    delegate.delete(names);
  }

  @Override
  public void deleteAll() {
    limit.requests(1);
    delegate.deleteAll();
  }

  @Override
  public Optional<byte[]> readDocument(String name) {
    limit.requests(1);
    Optional<byte[]> bytes = delegate.readDocument(name);
    bytes.ifPresent(present -> limit.bytes(present.length));
    return bytes;
  }

  @Override
  public void writeDocument(String name, byte[] bytes, WriteMode mode) {
    limit.requests(1);
    limit.bytes(bytes.length);
    delegate.writeDocument(name, bytes, mode);
  }

  private final class SlowInput extends FilterInputStream {
    private SlowInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      limit.bytes(1);
      return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, Math.min(length, SLICE_BYTES));
      limit.bytes(Math.max(count, 0));
      return count;
    }
  }

  private final class SlowOutput extends FilterOutputStream {
    private long written;

    private SlowOutput(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      pay(1);
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int done = 0; done < length; done += SLICE_BYTES) {
        int count = Math.min(SLICE_BYTES, length - done);
        pay(count);
        out.write(bytes, offset + done, count);
      }
    }

    private void pay(int count) {
      limit.bytes(count);
      long before = written / PART_BYTES;
      written += count;
      limit.requests(written / PART_BYTES - before);
    }
  }
}
