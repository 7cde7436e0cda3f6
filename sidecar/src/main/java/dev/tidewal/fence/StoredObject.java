package dev.tidewal.fence;

import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one object of a replica records: beside it, in its header and in its trailer. Its pages are
 * not read.
 *
 * @param fileChecksum the last 8 bytes
 */
record StoredObject(ObjectInfo info, LtxHeader header, long fileChecksum) {
  /** Up to this size one request for all is cheaper than two for the ends. */
  private static final long SMALL_BYTES = 8 * 1024;

  /** Header, end of pages, the zero byte of an empty index, its length, trailer. */
  static final long CLAIM_BYTES = LtxHeader.SIZE + 6 + 1 + 8 + 16;

  /**
   * Reads header and trailer of an object.
   *
   * @param info as {@link ReplicaClient#stat} gave it, with metadata
   * @throws TidewalException.NotFound when it is gone meanwhile
   */
  static StoredObject read(ReplicaClient client, ObjectInfo info) {
    long size = info.sizeBytes();
    if (size < CLAIM_BYTES) {
      throw corrupt(client, info, "truncated to " + size + " bytes");
    }
    boolean small = size <= SMALL_BYTES;
    byte[] head = range(client, info, 0, small ? size : LtxHeader.SIZE);
    byte[] tail = small ? head : range(client, info, size - Long.BYTES, Long.BYTES);
    LtxHeader header;
    try {
      header = LtxHeader.read(ByteBuffer.wrap(head));
    } catch (TidewalException.Corrupt e) {
      throw new TidewalException.Corrupt(where(client, info) + ": " + e.getMessage(), e);
    }
    LtxName name = info.name();
    if (!header.minTxid().equals(name.min()) || !header.maxTxid().equals(name.max())) {
      throw corrupt(client, info, "its header is of " + header.minTxid() + "-" + header.maxTxid());
    }
    return new StoredObject(info, header, ByteBuffer.wrap(tail).getLong(tail.length - Long.BYTES));
  }

  private static byte[] range(ReplicaClient client, ObjectInfo info, long offset, long size) {
    try (InputStream in = client.open(info.name(), offset, size)) {
      byte[] bytes = in.readNBytes((int) size);
      if (bytes.length < size) {
        throw corrupt(client, info, "ends at byte " + (offset + bytes.length));
      }
      return bytes;
    } catch (IOException e) {
      throw new TidewalException.StoreUnreachable("read " + where(client, info) + ": " + e, e);
    }
  }

  private static TidewalException.Corrupt corrupt(
      ReplicaClient client, ObjectInfo info, String what) {
    return new TidewalException.Corrupt(
        where(client, info) + " is damaged (" + what + "); run tidewal verify");
  }

  private static String where(ReplicaClient client, ObjectInfo info) {
    return client.url() + " " + info.name();
  }

  boolean isClaim() {
    return info.sizeBytes() == CLAIM_BYTES;
  }

  Position position() {
    return new Position(header.maxTxid(), info.metadata().checksum().orElse(0));
  }

  WalSpan span() {
    return new WalSpan(header.walOffset(), header.walSize(), header.walSalt1(), header.walSalt2());
  }

  Optional<WalPoint> end() {
    return end(span(), info.metadata().frameChecksum());
  }

  /** The end of a span, if the checksum there is known. */
  static Optional<WalPoint> end(WalSpan span, OptionalLong frameChecksum) {
    long offset = span.offset() + span.size();
    if (offset < WalHeader.SIZE || frameChecksum.isEmpty()) {
      return Optional.empty();
    }
    long checksum = frameChecksum.getAsLong();
    return Optional.of(
        new WalPoint(span.salt1(), span.salt2(), offset, (int) (checksum >>> 32), (int) checksum));
  }

  /** Both words of a frame checksum as {@link ObjectMetadata#frameChecksum} has them. */
  static long frameChecksum(WalPoint point) {
    return ((long) point.checksum1() << 32) | Integer.toUnsignedLong(point.checksum2());
  }

  ReplicaHead.At asHead() {
    return new ReplicaHead.At(
        info.name(),
        position(),
        info.metadata().owner(),
        span(),
        end(),
        header.commit(),
        header.pageSize(),
        Instant.ofEpochMilli(header.timestampMillis()),
        fileChecksum,
        isClaim());
  }
}
