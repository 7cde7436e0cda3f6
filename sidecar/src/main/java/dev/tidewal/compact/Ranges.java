package dev.tidewal.compact;

import java.time.Instant;
import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * TXID ranges in ascending order, 20 bytes each: what is left of objects whose only future is to be
 * deleted. A busy database has some 6,000 in L1 alone.
 */
final class Ranges {
  private long[] first = {};
  private long[] last = {};
  private int[] modifiedSeconds = {};
  private int size;

  int size() {
    return size;
  }

  long first(int i) {
    return first[i];
  }

  long last(int i) {
    return last[i];
  }

  /** Never before the real time: rounded up to a second. */
  Instant modified(int i) {
    return Instant.ofEpochSecond(Integer.toUnsignedLong(modifiedSeconds[i]));
  }

  /** Puts a range in its place; one that is already there stays. */
  void add(long from, long to, Instant modified) {
    int at = size;
    while (at > 0 && isAfter(at - 1, from, to)) {
      at--;
    }
    if (at > 0 && first[at - 1] == from && last[at - 1] == to) {
      return;
    }
    makeRoom();
    System.arraycopy(first, at, first, at + 1, size - at);
    System.arraycopy(last, at, last, at + 1, size - at);
    System.arraycopy(modifiedSeconds, at, modifiedSeconds, at + 1, size - at);
    size++;
    set(at, from, to, modified);
  }

  /** Lets the newest range grow by the TXID after it. */
  void extendTo(long to, Instant modified) {
    int newest = size - 1;
    Instant before = modified(newest);
    set(newest, first[newest], to, modified.isAfter(before) ? modified : before);
  }

  /**
   * Takes single TXIDs out of the ranges; what is left of a range stays.
   *
   * @param gone whether the TXID is to go
   */
  void removeEach(LongPredicate gone) {
    Ranges kept = new Ranges();
    for (int i = 0; i < size; i++) {
      long start = -1;
      for (long txid = first[i]; txid <= last[i]; txid++) {
        if (gone.test(txid)) {
          if (start >= 0) {
            kept.add(start, txid - 1, modified(i));
          }
          start = -1;
        } else if (start < 0) {
          start = txid;
        }
      }
      if (start >= 0) {
        kept.add(start, last[i], modified(i));
      }
    }
    take(kept);
  }

  /** Takes whole ranges out. */
  void removeIf(RangePredicate gone) {
    Ranges kept = new Ranges();
    for (int i = 0; i < size; i++) {
      if (!gone.test(first[i], last[i])) {
        kept.add(first[i], last[i], modified(i));
      }
    }
    take(kept);
  }

  /** Says something about a range. */
  @FunctionalInterface
  interface RangePredicate {
    boolean test(long first, long last);
  }

  private void take(Ranges other) {
    size = other.size;
    first = Arrays.copyOf(other.first, size);
    last = Arrays.copyOf(other.last, size);
    modifiedSeconds = Arrays.copyOf(other.modifiedSeconds, size);
  }

  private boolean isAfter(int i, long from, long to) {
    return first[i] > from || (first[i] == from && last[i] > to);
  }

  private void set(int at, long from, long to, Instant modified) {
    first[at] = from;
    last[at] = to;
    modifiedSeconds[at] =
        (int) (modified.getNano() == 0 ? modified.getEpochSecond() : modified.getEpochSecond() + 1);
  }

  private void makeRoom() {
    if (size == first.length) {
      int capacity = Math.max(8, size + size / 2);
      first = Arrays.copyOf(first, capacity);
      last = Arrays.copyOf(last, capacity);
      modifiedSeconds = Arrays.copyOf(modifiedSeconds, capacity);
    }
  }
}
