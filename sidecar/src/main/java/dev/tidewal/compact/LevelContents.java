package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The objects of one level. Those that are still to be merged are kept whole; settled ones shrink
 * to ranges, in L0 to one range for each minute.
 */
final class LevelContents {
  /** Batches in one range share the age of the newest, so a range ends with the minute. */
  private static final long RANGE_SECONDS = 60;

  private final int level;
  private final boolean forgetsBatches;
  private final List<LevelObject> recent = new ArrayList<>(2);
  private final Ranges settled = new Ranges();
  private boolean claimsForgotten;

  /**
   * @param forgetsBatches settled batches are kept in the store for ever, so nobody asks for them
   */
  LevelContents(int level, boolean forgetsBatches) {
    this.level = level;
    this.forgetsBatches = forgetsBatches;
    this.claimsForgotten = forgetsBatches;
  }

  /** Not settled objects, in the order of a listing. */
  List<LevelObject> recent() {
    return recent;
  }

  /**
   * Claims leave memory when they are settled, except the newest batch of all; the store keeps them
   * for ever.
   */
  boolean claimsForgotten() {
    return claimsForgotten;
  }

  /** Adds an object, or replaces what is known of it. */
  void add(LevelObject object) {
    int at = Collections.binarySearch(recent, object, LevelObject.ORDER);
    if (at >= 0) {
      recent.set(at, object);
    } else {
      recent.add(-at - 1, object);
    }
  }

  void remove(Set<LtxName> names) {
    recent.removeIf(object -> names.contains(object.name()));
    if (settled.size() == 0) {
      return;
    }
    if (level == 0) {
      settled.removeEach(txid -> names.contains(LtxName.batch(new Txid(txid))));
    } else {
      settled.removeIf((first, last) -> names.contains(name(first, last)));
    }
  }

  /** Everything up to this TXID is part of the next level, or of a snapshot. */
  void settle(long upTo) {
    recent.removeIf(object -> object.last() <= upTo && settle(object));
  }

  private boolean settle(LevelObject object) {
    if (level != 0) {
      settled.add(object.first(), object.last(), object.modified());
      return true;
    }
    if (object.isClaim()) {
      boolean isHead = object.equals(recent.getLast());
      claimsForgotten |= !isHead;
      return !isHead;
    }
    if (object.first() != object.last()) {
      return false;
    }
    if (forgetsBatches) {
      return true;
    }
    int newest = settled.size() - 1;
    if (newest >= 0
        && settled.last(newest) == object.first() - 1
        && minute(settled.modified(newest)) == minute(object.modified())) {
      settled.extendTo(object.last(), object.modified());
    } else {
      settled.add(object.first(), object.last(), object.modified());
    }
    return true;
  }

  private static long minute(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), RANGE_SECONDS);
  }

  Txid highest() {
    long highest = 0;
    for (LevelObject object : recent) {
      highest = Math.max(highest, object.last());
    }
    for (int i = 0; i < settled.size(); i++) {
      highest = Math.max(highest, settled.last(i));
    }
    return new Txid(highest);
  }

  /**
   * Appends all objects, but of a range of batches younger than {@code batchesUntil} only the first
   * one, and the newest of all.
   */
  void appendTo(List<LevelObject> objects, Instant batchesUntil) {
    for (int i = 0; i < settled.size(); i++) {
      Instant modified = settled.modified(i);
      if (level != 0) {
        objects.add(settledObject(name(settled.first(i), settled.last(i)), modified));
      } else {
        appendBatches(objects, i, !modified.isAfter(batchesUntil));
      }
    }
    objects.addAll(recent);
  }

  private void appendBatches(List<LevelObject> objects, int range, boolean all) {
    Instant modified = settled.modified(range);
    long first = settled.first(range);
    long last = settled.last(range);
    for (long txid = first; txid <= (all ? last : first); txid++) {
      objects.add(settledObject(LtxName.batch(new Txid(txid)), modified));
    }
    if (!all && first < last && range == settled.size() - 1) {
      objects.add(settledObject(LtxName.batch(new Txid(last)), modified));
    }
  }

  private static LevelObject settledObject(LtxName name, Instant modified) {
    return new LevelObject(
        name, LevelObject.UNKNOWN_SIZE, modified, modified, OptionalLong.empty());
  }

  private LtxName name(long first, long last) {
    return new LtxName(level, new Txid(first), new Txid(last));
  }
}
