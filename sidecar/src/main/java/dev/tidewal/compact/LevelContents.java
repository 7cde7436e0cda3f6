package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The objects of one level. Those that are still to be merged are kept whole; settled ones shrink
 * to ranges, in L0 to one range for each object of L1.
 */
final class LevelContents {
  /** Batches in one range share their age, so they must be written close together. */
  private static final Duration MAX_RANGE_SPREAD = Duration.ofMinutes(1);

  private final int level;
  private final List<LevelObject> recent = new ArrayList<>(2);
  private final Ranges settled = new Ranges();
  private boolean claimsForgotten;

  LevelContents(int level) {
    this.level = level;
  }

  /** Not settled objects, in the order of a listing. */
  List<LevelObject> recent() {
    return recent;
  }

  /** Claims leave memory when they are settled; the store keeps them for ever. */
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
      claimsForgotten = true;
      return true;
    }
    if (object.first() != object.last()) {
      return false;
    }
    int newest = settled.size() - 1;
    if (newest >= 0
        && settled.last(newest) == object.first() - 1
        && Duration.between(settled.modified(newest), object.modified())
                .abs()
                .compareTo(MAX_RANGE_SPREAD)
            <= 0) {
      settled.extendTo(object.last(), object.modified());
    } else {
      settled.add(object.first(), object.last(), object.modified());
    }
    return true;
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

  /** Appends all objects, in the order of a listing but for a few odd ones. */
  void appendTo(List<LevelObject> objects) {
    for (int i = 0; i < settled.size(); i++) {
      Instant modified = settled.modified(i);
      if (level != 0) {
        objects.add(settledObject(name(settled.first(i), settled.last(i)), modified));
        continue;
      }
      for (long txid = settled.first(i); txid <= settled.last(i); txid++) {
        objects.add(settledObject(LtxName.batch(new Txid(txid)), modified));
      }
    }
    objects.addAll(recent);
  }

  private static LevelObject settledObject(LtxName name, Instant modified) {
    return new LevelObject(
        name, LevelObject.UNKNOWN_SIZE, modified, modified, OptionalLong.empty());
  }

  private LtxName name(long first, long last) {
    return new LtxName(level, new Txid(first), new Txid(last));
  }
}
