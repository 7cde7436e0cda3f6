package dev.tidewal.wal;

import java.util.ArrayList;
import java.util.List;

/** Keeps the committed frames that a scan reported. */
final class Frames implements FrameConsumer {
  record Frame(long pgno, long commit, long pageOffset) {}

  final List<Frame> committed = new ArrayList<>();
  final List<WalPoint> commits = new ArrayList<>();
  private final List<Frame> pending = new ArrayList<>();

  @Override
  public void frame(long pgno, long commit, long pageOffset) {
    pending.add(new Frame(pgno, commit, pageOffset));
  }

  @Override
  public void commit(WalPoint end, long commitPages) {
    committed.addAll(pending);
    pending.clear();
    commits.add(end);
  }
}
