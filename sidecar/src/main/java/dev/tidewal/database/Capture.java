package dev.tidewal.database;

import dev.tidewal.wal.WalPoint;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * A range of committed transactions as a value: which pages they left in which state, and where in
 * the WAL that is. The bytes stay where they are until {@link LiveDatabase#settle} or {@link
 * LiveDatabase#abandon}; {@link #pages} may be called any number of times before that, and reports
 * the same bytes each time.
 */
public final class Capture {
  /** What a capture holds. */
  public enum Kind {
    /** What was committed since the last settled point. */
    BATCH,
    /** Every page. */
    FULL,
    /** The pages that differ from what a replica is known to hold. */
    DIFFERENCE
  }

  private final Kind kind;
  private final Optional<WalPoint> from;
  private final Optional<WalPoint> to;
  private final int pageSize;
  private final long commit;
  private final long smallestCommit;
  private final long walBytes;
  private final Instant oldestCommit;
  private final boolean complete;
  private final CapturedPages pages;
  private volatile boolean ended;

  Capture(
      Kind kind,
      Optional<WalPoint> from,
      Optional<WalPoint> to,
      int pageSize,
      long commit,
      long smallestCommit,
      long walBytes,
      Instant oldestCommit,
      boolean complete,
      CapturedPages pages) {
    this.kind = kind;
    this.from = from;
    this.to = to;
    this.pageSize = pageSize;
    this.commit = commit;
    this.smallestCommit = smallestCommit;
    this.walBytes = walBytes;
    this.oldestCommit = oldestCommit;
    this.complete = complete;
    this.pages = pages;
  }

  public Kind kind() {
    return kind;
  }

  /**
   * Where the capture starts: the end of the one before, maybe in an older generation of the WAL.
   * Empty when it does not continue from a point.
   */
  public Optional<WalPoint> from() {
    return from;
  }

  /** The point behind its last frame; empty when there is no WAL with frames. */
  public Optional<WalPoint> to() {
    return to;
  }

  /** Bytes a page. */
  public int pageSize() {
    return pageSize;
  }

  /** Database size in pages after the last transaction. */
  public long commit() {
    return commit;
  }

  /** The smallest database size in pages after any transaction in it, and before the first. */
  public long smallestCommit() {
    return smallestCommit;
  }

  /** How many pages {@link #pages} reports. */
  public long pageCount() {
    return pages.count();
  }

  /** How many WAL bytes were read for it; 0 when it is not a batch. */
  public long walBytes() {
    return walBytes;
  }

  /** When the oldest commit in it was noticed. */
  public Instant oldestCommit() {
    return oldestCommit;
  }

  /**
   * Whether everything that was committed when it was taken is in it; another capture holds the
   * rest.
   */
  public boolean isComplete() {
    return complete;
  }

  /**
   * Reports all pages in ascending order; the lock page never. Any thread may read, also while the
   * owner of the database {@link LiveDatabase#tend}s it.
   *
   * @throws IllegalStateException when the capture was settled or abandoned meanwhile
   */
  public void pages(PageSink sink) throws IOException {
    pages.forEach((pgno, page, offset) -> {
      if (ended) {
        throw new IllegalStateException("read after its end: " + this);
      }
      sink.page(pgno, page, offset);
    });
  }

  /** The same capture, not ended. */
  Capture again() {
    return new Capture(
        kind, from, to, pageSize, commit, smallestCommit, walBytes, oldestCommit, complete, pages);
  }

  /** From here on the bytes may change. */
  void end() {
    ended = true;
  }

  @Override
  public String toString() {
    return kind + " " + from + " - " + to + ", " + pageCount() + " pages of " + commit;
  }
}
