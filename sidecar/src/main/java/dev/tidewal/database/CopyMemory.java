package dev.tidewal.database;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory for copies of pages that wait, of all databases of a process together: so a store that is
 * away costs no more of it when there are many databases. Who gets none leaves the pages in the
 * WAL. Captures and tails have memory of their own, or captures that wait for a store would keep
 * the WALs of others from being sealed. Thread-safe.
 */
public final class CopyMemory {
  private static final long LEAST_BYTES = 16L << 20;

  /** For what is on its way to a store: a quarter of the heap. */
  public static final CopyMemory OF_CAPTURES = ofHeap(4);

  /** For what is taken out of a WAL that is sealed: an eighth of the heap. */
  static final CopyMemory OF_TAILS = ofHeap(8);

  private final AtomicLong free;

  CopyMemory(long bytes) {
    this.free = new AtomicLong(bytes);
  }

  private static CopyMemory ofHeap(int part) {
    return new CopyMemory(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / part));
  }

  /** Room for so many bytes until it is closed; empty when there is not enough left. */
  public Optional<Room> take(long bytes) {
    if (free.addAndGet(-bytes) < 0) {
      free.addAndGet(bytes);
      return Optional.empty();
    }
    return Optional.of(new Room(bytes));
  }

  public long freeBytes() {
    return free.get();
  }

  /** What was taken; closing it twice does nothing more. */
  public final class Room implements AutoCloseable {
    private final long bytes;
    private final AtomicBoolean held = new AtomicBoolean(true);

    private Room(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public void close() {
      if (held.compareAndSet(true, false)) {
        free.addAndGet(bytes);
      }
    }
  }
}
