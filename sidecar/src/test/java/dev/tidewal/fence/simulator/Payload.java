package dev.tidewal.fence.simulator;

import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxSummary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What an object of the model holds in the place of pages: commits to add, or a whole history. A
 * real LTX header before it, a checksum behind it: so the real code can read both ends.
 *
 * @param full the commits are all there are
 */
record Payload(boolean full, List<Commit> commits) {
  private static final int FIXED = LtxHeader.SIZE + 1 + 4 + 8;
  private static final int ENTRY = 12;
  private static final int SMALLEST = 160;

  static final Payload NOTHING = new Payload(false, List.of());

  /** Bytes of a claim, which the real code writes itself. */
  static final long CLAIM_BYTES = 131;

  Payload {
    commits = List.copyOf(commits);
  }

  LtxSummary encode(LtxHeader header, OutputStream out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.max(SMALLEST, FIXED + ENTRY * commits.size()));
    header.write(bytes);
    bytes.put((byte) (full ? 1 : 0)).putInt(commits.size());
    commits.forEach(commit -> bytes.putLong(commit.id()).putInt(commit.page()));
    long checksum =
        1L << 63
            | (Commit.checksum(commits) * 31 + header.maxTxid().value()) * 31
                + header.timestampMillis();
    bytes.putLong(bytes.capacity() - 8, checksum);
    out.write(bytes.array());
    return new LtxSummary(header, bytes.capacity(), commits.size(), checksum, 0);
  }

  static Payload decode(byte[] object) {
    if (object.length == CLAIM_BYTES) {
      return NOTHING;
    }
    ByteBuffer bytes = ByteBuffer.wrap(object).position(LtxHeader.SIZE);
    boolean full = bytes.get() == 1;
    List<Commit> commits = new ArrayList<>();
    for (int i = bytes.getInt(); i > 0; i--) {
      commits.add(new Commit(bytes.getLong(), bytes.getInt()));
    }
    return new Payload(full, commits);
  }

  static long fileChecksum(byte[] object) {
    return ByteBuffer.wrap(object).getLong(object.length - 8);
  }
}
