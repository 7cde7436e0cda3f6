package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException.Cancelled;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.Refused;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Merges files that follow each other into one: of every page the newest version, streaming.
 *
 * <p>A page survives only if no newer input has it and it lies inside the smallest Commit of all
 * newer inputs: who lets a database grow again writes every page of the grown range (DESIGN section
 * 4), so what an older input has there is gone. Inputs are verified to their ends before the output
 * is finished. LZ4 blocks are copied as they are.
 */
public final class LtxMerge {
  private final List<LtxReader> inputs;
  private final long[] cutoffs;

  /**
   * What a merge made.
   *
   * @param summary the file that was written
   * @param rollingChecksum of its pages; the database's if the file is a snapshot
   */
  public record Result(LtxSummary summary, long rollingChecksum) {}

  private LtxMerge(List<LtxReader> inputs) {
    this.inputs = inputs;
    this.cutoffs = new long[inputs.size()];
    long smallest = Long.MAX_VALUE;
    for (int i = inputs.size() - 1; i >= 0; i--) {
      smallest = Math.min(smallest, inputs.get(i).header().commit());
      cutoffs[i] = smallest;
    }
  }

  /**
   * Merges with the header of {@link #header}.
   *
   * @param oldestFirst not closed here
   * @param out not closed here; worthless unless this returns
   * @param scratch for temporary files
   */
  public static Result merge(List<LtxReader> oldestFirst, OutputStream out, Path scratch)
      throws IOException {
    return merge(oldestFirst, header(oldestFirst), out, scratch);
  }

  /** The same with a header of the caller's, whose Commit and PageSize are the last input's. */
  public static Result merge(
      List<LtxReader> oldestFirst, LtxHeader header, OutputStream out, Path scratch)
      throws IOException {
    LtxHeader last = oldestFirst.getLast().header();
    if (header.commit() != last.commit() || header.pageSize() != last.pageSize()) {
      throw new IllegalArgumentException("Commit or PageSize differ: " + header + ", " + last);
    }
    try (LtxWriter writer = new LtxWriter(out, header, scratch)) {
      return new LtxMerge(List.copyOf(oldestFirst)).run(writer);
    }
  }

  /**
   * The header of the merged file: first TXID of the first input, all else of the last one, no WAL
   * fields.
   *
   * @throws Corrupt when an input doesn't follow the one before
   */
  public static LtxHeader header(List<LtxReader> oldestFirst) {
    LtxReader previous = oldestFirst.getFirst();
    for (LtxReader next : oldestFirst.subList(1, oldestFirst.size())) {
      checkFollows(previous, next);
      previous = next;
    }
    LtxHeader first = oldestFirst.getFirst().header();
    LtxHeader last = previous.header();
    if (last.commit() == 0) {
      throw new Refused(
          previous.name() + ": deletes the database; a merge can't end with it, leave it out");
    }
    return LtxHeader.of(
        last.pageSize(),
        last.commit(),
        first.minTxid(),
        last.maxTxid(),
        last.timestampMillis(),
        LtxHeader.WalSpan.NONE);
  }

  private static void checkFollows(LtxReader previous, LtxReader next) {
    LtxHeader before = previous.header();
    LtxHeader after = next.header();
    if (after.pageSize() != before.pageSize()) {
      throw new Corrupt(
          next.name()
              + ": PageSize "
              + after.pageSize()
              + " follows "
              + before.pageSize()
              + " of "
              + previous.name());
    }
    if (after.minTxid().isAfter(before.maxTxid().next())
        || !after.maxTxid().isAfter(before.maxTxid())) {
      throw new Corrupt(
          next.name()
              + ": TXIDs "
              + after.minTxid()
              + "-"
              + after.maxTxid()
              + " don't follow "
              + before.minTxid()
              + "-"
              + before.maxTxid()
              + " of "
              + previous.name());
    }
  }

  private Result run(LtxWriter writer) throws IOException {
    boolean[] live = new boolean[inputs.size()];
    for (int i = 0; i < live.length; i++) {
      live[i] = inputs.get(i).next();
    }
    long rolling = PageChecksum.FLAG;
    for (int newest = newestOfLowest(live); newest >= 0; newest = newestOfLowest(live)) {
      LtxReader input = inputs.get(newest);
      long pgno = input.pgno();
      if (pgno <= cutoffs[newest]) {
        rolling = PageChecksum.toggle(rolling, copy(input, writer));
      }
      for (int i = 0; i <= newest; i++) {
        if (live[i] && inputs.get(i).pgno() == pgno) {
          live[i] = inputs.get(i).next();
        }
      }
    }
    for (LtxReader input : inputs) {
      input.finish();
    }
    checkComplete(writer.order().endDefect());
    return new Result(writer.finish(), rolling);
  }

  /** The newest input that stands at the lowest page number, -1 when all have ended. */
  private int newestOfLowest(boolean[] live) {
    int newest = -1;
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < live.length; i++) {
      if (live[i] && inputs.get(i).pgno() <= lowest) {
        lowest = inputs.get(i).pgno();
        newest = i;
      }
    }
    return newest;
  }

  /** Only snapshots can lack something here: the order of the pages is the merge's own. */
  private void checkComplete(@Nullable String defect) {
    if (defect != null) {
      throw new Corrupt(
          inputs.getFirst().name() + " to " + inputs.getLast().name() + " don't merge: " + defect);
    }
  }

  private long copy(LtxReader input, LtxWriter writer) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("merge of " + inputs.size() + " files was interrupted");
    }
    checkComplete(writer.order().defect(input.pgno()));
    return input.copyPage(writer);
  }
}
