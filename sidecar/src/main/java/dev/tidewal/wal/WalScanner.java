package dev.tidewal.wal;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the committed frames of a WAL from a resume point on, with large positional reads.
 *
 * <p>Ends where SQLite's own recovery ends: at the first frame with other salts, a wrong checksum,
 * page number 0, or cut short. Beside a writer such a frame may turn valid a moment later, so the
 * next scan starts again at the last commit. Holds no buffer between scans; safe for concurrent
 * use. Source: fileformat2 section 4.4, walDecodeFrame in wal.c.
 */
public final class WalScanner {
  /** No limit to the bytes of a scan. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** Enough for a few small commits: behind them there may be megabytes from before a restart. */
  private static final int FIRST_CHUNK_BYTES = 32 * 1024;

  /** Fits the second-level cache, and what the JDK keeps a thread for reads into the heap. */
  private static final int CHUNK_BYTES = 256 * 1024;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final FileChannel wal;
  private final boolean bigEndian;
  private final int frameBytes;

  /**
   * For one WAL, whose restarts it outlives.
   *
   * @param header the WAL's own, for page size and byte order
   */
  public WalScanner(FileChannel wal, WalHeader header) {
    this.wal = wal;
    this.bigEndian = header.bigEndian();
    this.frameBytes = header.frameBytes();
  }

  /** The valid header of a WAL, if it has one. */
  public static Optional<WalHeader> readHeader(FileChannel wal) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(WalHeader.SIZE);
    readFully(wal, bytes, 0);
    return WalHeader.read(bytes.flip());
  }

  /**
   * Whether the WAL still has, right before {@code point}, a frame with its salts and checksum (or,
   * at the start, a header with them).
   */
  public boolean holds(WalPoint point) throws IOException {
    if (point.isStart()) {
      return readHeader(wal).map(WalHeader::start).filter(point::equals).isPresent();
    }
    ByteBuffer bytes = ByteBuffer.allocate(WalFrameHeader.SIZE);
    long frame = point.offset() - frameBytes;
    if (frame < WalHeader.SIZE || readFully(wal, bytes, frame) < WalFrameHeader.SIZE) {
      return false;
    }
    WalFrameHeader header = WalFrameHeader.read(bytes.flip());
    return header.salt1() == point.salt1()
        && header.salt2() == point.salt2()
        && header.checksum1() == point.checksum1()
        && header.checksum2() == point.checksum2();
  }

  /**
   * Reports every valid frame behind {@code from}.
   *
   * @param budgetBytes the scan ends at the first commit that is at least so far behind {@code
   *     from}
   */
  public WalScan scan(WalPoint from, long budgetBytes, FrameConsumer consumer) throws IOException {
    Pass pass = new Pass(from, budgetBytes, consumer);
    byte[] chunk = new byte[wholeFrames(FIRST_CHUNK_BYTES)];
    long offset = from.offset();
    while (true) {
      int read = readFully(wal, ByteBuffer.wrap(chunk), offset);
      for (int at = 0; read - at >= frameBytes; at += frameBytes) {
        WalScan.Stop stop = pass.frame(chunk, at, offset + at);
        if (stop != null) {
          return pass.result(stop);
        }
      }
      if (read < chunk.length) {
        return pass.result(WalScan.Stop.END_OF_FILE);
      }
      offset += read;
      if (chunk.length < wholeFrames(CHUNK_BYTES)) {
        chunk = new byte[wholeFrames(CHUNK_BYTES)];
      }
    }
  }

  private int wholeFrames(int bytes) {
    return Math.max(1, bytes / frameBytes) * frameBytes;
  }

  /** Reads until the buffer is full or the file ends, and returns how many bytes there are. */
  private static int readFully(FileChannel file, ByteBuffer into, long offset) throws IOException {
    int start = into.position();
    while (into.hasRemaining()) {
      int read = file.read(into, offset + into.position() - start);
      if (read < 0) {
        break;
      }
    }
    return into.position() - start;
  }

  /** The state of one scan. */
  private final class Pass {
    private final WalPoint from;
    private final long budgetBytes;
    private final FrameConsumer consumer;
    private long checksum;
    private WalPoint end;
    private long commits;
    private long commitPages;
    private long uncommittedFrames;

    private Pass(WalPoint from, long budgetBytes, FrameConsumer consumer) {
      this.from = from;
      this.budgetBytes = budgetBytes;
      this.consumer = consumer;
      this.checksum = WalChecksum.of(from.checksum1(), from.checksum2());
      this.end = from;
    }

    /** Takes the frame at {@code bytes[at]}; says why the scan ends here, or null. */
    private WalScan.@Nullable Stop frame(byte[] bytes, int at, long offset) throws IOException {
      long pgno = Integer.toUnsignedLong(intAt(bytes, at));
      long commit = Integer.toUnsignedLong(intAt(bytes, at + 4));
      if (intAt(bytes, at + 8) != from.salt1() || intAt(bytes, at + 12) != from.salt2()) {
        return WalScan.Stop.SALTS;
      }
      int body = at + WalFrameHeader.SIZE;
      long next = WalChecksum.update(checksum, bytes, at, WalFrameHeader.CHECKED_BYTES, bigEndian);
      next = WalChecksum.update(next, bytes, body, frameBytes - WalFrameHeader.SIZE, bigEndian);
      if (pgno == 0 || next != WalChecksum.of(intAt(bytes, at + 16), intAt(bytes, at + 20))) {
        return WalScan.Stop.CHECKSUM;
      }
      checksum = next;
      uncommittedFrames++;
      consumer.frame(pgno, commit, offset + WalFrameHeader.SIZE);
      return commit == 0 ? null : commit(offset + frameBytes, commit);
    }

    private WalScan.@Nullable Stop commit(long offset, long pages) throws IOException {
      int first = WalChecksum.first(checksum);
      end = new WalPoint(from.salt1(), from.salt2(), offset, first, WalChecksum.second(checksum));
      commits++;
      commitPages = pages;
      uncommittedFrames = 0;
      consumer.commit(end, pages);
      return offset - from.offset() >= budgetBytes ? WalScan.Stop.BUDGET : null;
    }

    private WalScan result(WalScan.Stop stop) {
      return new WalScan(end, commits, commitPages, uncommittedFrames, stop);
    }
  }

  private static int intAt(byte[] bytes, int at) {
    return (int) WORDS.get(bytes, at);
  }
}
