package dev.tidewal.database;

import java.util.Arrays;

/**
 * Which frame holds the newest version of a page: 8 bytes a frame in one array, sorted once.
 *
 * <p>An entry is the page number in the high half and a place in the low half, packed so that the
 * signed order of longs is the order by page and then by place. Places are ordered by age: {@link
 * #DATABASE} (the database file), then {@link #memory}, then {@link #frame}. Not thread-safe.
 */
final class PageMap {
  /** The place of a page that is read from the database file. */
  static final long DATABASE = 0;

  private static final long FIRST_MEMORY = 1;
  private static final long FIRST_FRAME = 1L << 31;
  private static final int WORTH_COMPACTING = 1 << 16;

  private long[] entries = new long[64];
  private int size;
  private int complete;

  /** The place of slot {@code index} of a copy in memory. */
  static long memory(int index) {
    return FIRST_MEMORY + index;
  }

  /** The place of frame {@code index} (from 0) of the WAL. */
  static long frame(long index) {
    if (index >= FIRST_FRAME) {
      throw new IllegalArgumentException("frame " + index + " is beyond what a WAL can hold");
    }
    return FIRST_FRAME + index;
  }

  static boolean isFrame(long place) {
    return place >= FIRST_FRAME;
  }

  /** The frame of a place, from 0. */
  static long frameIndex(long place) {
    return place - FIRST_FRAME;
  }

  /** The memory slot of a place. */
  static int memoryIndex(long place) {
    return (int) (place - FIRST_MEMORY);
  }

  /** Adds a page; it counts only after {@link #commit}. */
  void add(long pgno, long place) {
    if (size == entries.length) {
      grow();
    }
    entries[size++] = pack(pgno, place);
  }

  /** Everything added so far belongs to committed transactions. */
  void commit() {
    complete = size;
  }

  /** Forgets what was added since the last commit, keeps the newest place of each page, sorts. */
  void finish() {
    size = complete;
    compact();
  }

  /** Number of entries; of pages, after {@link #finish}. */
  int size() {
    return size;
  }

  /** Page number of an entry, ascending after {@link #finish}. */
  long pgno(int index) {
    return (entries[index] >>> 32) ^ 0x80000000L;
  }

  /** Place of an entry. */
  long place(int index) {
    return entries[index] & 0xffffffffL;
  }

  /** Index of the first entry with this page or a later one; only after {@link #finish}. */
  int indexOf(long pgno) {
    int found = Arrays.binarySearch(entries, 0, size, pack(pgno, 0));
    return found < 0 ? -found - 1 : found;
  }

  /** Drops all pages behind {@code lastPage}; only after {@link #finish}. */
  void truncate(long lastPage) {
    size = indexOf(lastPage + 1);
    complete = size;
  }

  /** Removes one page; only after {@link #finish}. */
  void remove(long pgno) {
    int index = indexOf(pgno);
    if (index < size && pgno(index) == pgno) {
      System.arraycopy(entries, index + 1, entries, index, size - index - 1);
      size--;
      complete = size;
    }
  }

  private static long pack(long pgno, long place) {
    return ((pgno ^ 0x80000000L) << 32) | place;
  }

  /** Hot pages that were committed again and again need no room. */
  private void grow() {
    if (complete >= WORTH_COMPACTING) {
      compact();
    }
    if (size > entries.length / 4 * 3) {
      entries = Arrays.copyOf(entries, entries.length + entries.length / 2);
    }
  }

  /** Sorts the committed part and keeps the newest entry of each page in it. */
  private void compact() {
    Arrays.parallelSort(entries, 0, complete);
    int kept = 0;
    for (int i = 0; i < complete; i++) {
      if (i + 1 == complete || entries[i] >>> 32 != entries[i + 1] >>> 32) {
        entries[kept++] = entries[i];
      }
    }
    System.arraycopy(entries, complete, entries, kept, size - complete);
    size = kept + size - complete;
    complete = kept;
  }
}
