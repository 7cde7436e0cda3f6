package dev.tidewal.ltx;

/**
 * Decodes single page frames that were fetched by themselves, through {@link LtxIndex#entries}.
 *
 * <p>No checksum of the file covers a page alone: what comes out is as good as the page checksum or
 * the rolling checksum that the caller compares. One for each thread; not thread-safe.
 */
public final class LtxPageDecoder {
  private final FrameDecoder decoder;

  /**
   * For the pages of one file.
   *
   * @param name what errors call the file
   */
  public LtxPageDecoder(int pageSize, String name) {
    this.decoder = new FrameDecoder(pageSize, name);
  }

  /**
   * Decodes one frame and returns the page's {@link PageChecksum}.
   *
   * @param pgno page number by the index
   * @param filePosition where in the file the frame starts
   * @param frame holds exactly the {@code length} bytes of the frame at {@code offset}
   * @param page gets the page at {@code pageOffset}
   */
  public long decode(
      long pgno,
      long filePosition,
      byte[] frame,
      int offset,
      int length,
      byte[] page,
      int pageOffset) {
    int decoded = decoder.decode(frame, offset, length, filePosition, page, pageOffset);
    if (decoded != length || decoder.pgno() != pgno) {
      throw decoder.corrupt(filePosition, "differs from the page index, which has page " + pgno);
    }
    return decoder.pageChecksum();
  }
}
