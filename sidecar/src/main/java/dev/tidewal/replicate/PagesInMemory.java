package dev.tidewal.replicate;

import java.io.IOException;

/**
 * A copy of a small capture's pages, so that the WAL may be sealed while they are on their way.
 * Immutable.
 */
final class PagesInMemory implements PageSource {
  private final int pageSize;
  private final long commit;
  private final long[] pgnos;
  private final byte[] bytes;

  private PagesInMemory(int pageSize, long commit, long[] pgnos, byte[] bytes) {
    this.pageSize = pageSize;
    this.commit = commit;
    this.pgnos = pgnos;
    this.bytes = bytes;
  }

  static PagesInMemory copyOf(PageSource source) throws IOException {
    int count = Math.toIntExact(source.pageCount());
    int pageSize = source.pageSize();
    long[] pgnos = new long[count];
    byte[] bytes = new byte[Math.multiplyExact(count, pageSize)];
    int[] next = {0};
    source.pages((pgno, page, offset) -> {
      pgnos[next[0]] = pgno;
      System.arraycopy(page, offset, bytes, next[0] * pageSize, pageSize);
      next[0]++;
    });
    if (next[0] != count) {
      throw new IllegalStateException("announced " + count + " pages, got " + next[0]);
    }
    return new PagesInMemory(pageSize, source.commit(), pgnos, bytes);
  }

  @Override
  public int pageSize() {
    return pageSize;
  }

  @Override
  public long commit() {
    return commit;
  }

  @Override
  public long pageCount() {
    return pgnos.length;
  }

  @Override
  public void pages(Sink sink) throws IOException {
    for (int i = 0; i < pgnos.length; i++) {
      sink.page(pgnos[i], bytes, i * pageSize);
    }
  }
}
