package dev.tidewal.wal;

import java.io.IOException;

/**
 * Takes the frames of a WAL in file order. Frames after the last {@link #commit} belong to no
 * committed transaction and are to be forgotten.
 */
public interface FrameConsumer {
  /**
   * A valid frame.
   *
   * @param pgno page number
   * @param commit database size in pages if the transaction ends with this frame, else 0
   * @param pageOffset where in the WAL the page's bytes are
   */
  void frame(long pgno, long commit, long pageOffset) throws IOException;

  /**
   * All frames since the last call form one transaction, or the rest of one.
   *
   * @param end the point behind its last frame
   * @param commitPages database size in pages after it
   */
  void commit(WalPoint end, long commitPages) throws IOException;
}
