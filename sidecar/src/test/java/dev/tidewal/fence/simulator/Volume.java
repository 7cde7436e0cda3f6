package dev.tidewal.fence.simulator;

import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.wal.WalPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A disk with one database and one state directory. The database is its history of commits; the
 * last of them may be in the WAL only.
 */
final class Volume {
  static final int FRAME = 536;

  final ModelState.Disk state;
  boolean hasFile;
  List<Commit> commits = new ArrayList<>();

  /** How many commits are in the database file itself, which survive everything. */
  int backfilled;

  /** Salts of the WAL; 0: there is no WAL file. */
  long salts;

  /** Index of the first commit of this WAL. */
  int walStart;

  /** The WAL was copied into the database: the next commit begins a new one. */
  boolean sealed;

  /** A person chose this side of a divergence. */
  boolean isChosen;

  Volume() {
    this(new ModelState.Disk());
  }

  private Volume(ModelState.Disk state) {
    this.state = state;
  }

  Volume copy() {
    Volume copy = new Volume(state.copy());
    copy.hasFile = hasFile;
    copy.commits = new ArrayList<>(commits);
    copy.backfilled = backfilled;
    copy.salts = salts;
    copy.walStart = walStart;
    copy.sealed = sealed;
    copy.isChosen = isChosen;
    return copy;
  }

  void commit(Commit commit, long newSalts) {
    if (salts == 0 || sealed) {
      salts = newSalts;
      walStart = commits.size();
      sealed = false;
    }
    commits.add(commit);
  }

  /** A checkpoint of everything; the next commit restarts the WAL. */
  void seal() {
    backfilled = commits.size();
    sealed = true;
  }

  /** The last connection closes: the WAL is copied and deleted. */
  void closeCleanly() {
    seal();
    salts = 0;
    walStart = commits.size();
  }

  /** A new file with this content, and no WAL. */
  void restored(List<Commit> content) {
    hasFile = true;
    commits = new ArrayList<>(content);
    closeCleanly();
  }

  /**
   * Frames that were not synced are gone: everything after {@code kept} commits. The WAL's header
   * stays, because SQLite syncs it before the first frame (wal.c, walWriteFrames, ticket
   * ff5be73dee).
   *
   * @return the lost commits
   */
  List<Commit> losePower(int kept) {
    List<Commit> lost = new ArrayList<>(commits.subList(kept, commits.size()));
    commits = new ArrayList<>(commits.subList(0, kept));
    return lost;
  }

  /** The place in the WAL after so many commits. */
  Optional<WalPoint> point(int count) {
    if (salts == 0 || count < walStart) {
      return Optional.empty();
    }
    long checksum = Commit.frameChecksum(salts, commits.subList(walStart, count));
    return Optional.of(
        new WalPoint(
            (int) (salts >>> 32),
            (int) salts,
            32 + (long) FRAME * (count - walStart),
            (int) (checksum >>> 32),
            (int) checksum));
  }

  /** How many commits there are up to a place in this WAL; empty when it is not one of it. */
  Optional<Integer> countAt(WalPoint point) {
    int count = walStart + (int) ((point.offset() - 32) / FRAME);
    return count <= commits.size() && point(count).filter(point::equals).isPresent()
        ? Optional.of(count)
        : Optional.empty();
  }

  WalSpan span(int from, int to) {
    WalPoint end = point(to).orElseThrow();
    long start = Math.max(32, end.offset() - (long) FRAME * (to - from));
    return new WalSpan(start, end.offset() - start, end.salt1(), end.salt2());
  }

  @Override
  public String toString() {
    return commits.size()
        + " commits, "
        + backfilled
        + " backfilled, WAL "
        + (salts == 0 ? "none" : Long.toHexString(salts) + " from " + walStart);
  }
}
