package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a replica holds, level by level: filled by one listing and then kept up by what we write and
 * delete ourselves, so that nothing has to be listed again.
 *
 * <p>A settled object costs 20 bytes, a settled batch next to nothing, and an idle database keeps
 * two or three objects. Safe for use by many threads.
 */
public final class LevelIndex {
  private final @Nullable LevelContents[] levels =
      new @Nullable LevelContents[LtxName.SNAPSHOT_LEVEL + 1];

  /** Adds an object that the store has, or replaces what is known of it. */
  public synchronized void add(ObjectInfo info) {
    add(LevelObject.of(info));
  }

  synchronized void add(LevelObject object) {
    contents(object.name().level()).add(object);
    if (object.name().level() > 0) {
      settle();
    }
  }

  /** Forgets objects: they were deleted, or a bucket's lifecycle is going to. */
  public synchronized void remove(Collection<LtxName> names) {
    Set<LtxName> gone = new HashSet<>(names);
    for (LevelContents contents : levels) {
      if (contents != null) {
        contents.remove(gone);
      }
    }
  }

  /**
   * Takes in a whole listing of one level, without what is too short to be an LTX file.
   *
   * @param before {@link #names} when the listing began: what was added since stays
   */
  synchronized void relisted(int level, List<ObjectInfo> listed, Set<LtxName> before) {
    Set<LtxName> gone = new HashSet<>(before);
    listed.forEach(info -> gone.remove(info.name()));
    LevelContents contents = contents(level);
    contents.remove(gone);
    listed.stream()
        .filter(info -> !before.contains(info.name()))
        .filter(info -> info.sizeBytes() >= LevelObject.EMPTY_FILE_BYTES)
        .forEach(info -> contents.add(LevelObject.of(info)));
  }

  /** Call after the last level of a listing: only then is it known what is merged. */
  synchronized void settle() {
    for (int level = 0; level < LtxName.SNAPSHOT_LEVEL; level++) {
      LevelContents contents = levels[level];
      if (contents != null) {
        contents.settle(mergedFrom(level));
      }
    }
  }

  synchronized Set<LtxName> names(int level) {
    List<LevelObject> objects = new ArrayList<>();
    contents(level).appendTo(objects);
    Set<LtxName> names = new HashSet<>();
    objects.forEach(object -> names.add(object.name()));
    return names;
  }

  /** Objects of a level that are not known to be part of the next one, in order. */
  synchronized List<LevelObject> recent(int level) {
    LevelContents contents = levels[level];
    return contents == null ? List.of() : List.copyOf(contents.recent());
  }

  /** The level's highest TXID, zero when it is empty. */
  public synchronized Txid highest(int level) {
    LevelContents contents = levels[level];
    return contents == null ? Txid.ZERO : contents.highest();
  }

  public synchronized Optional<LevelObject> newestSnapshot() {
    return recent(LtxName.SNAPSHOT_LEVEL).stream().max(Comparator.comparingLong(LevelObject::last));
  }

  /** Whether the store has claims that this index no longer knows by name. */
  synchronized boolean claimsForgotten() {
    LevelContents batches = levels[0];
    return batches != null && batches.claimsForgotten();
  }

  /** Everything but forgotten claims, by level and TXID. */
  public synchronized List<LevelObject> objects() {
    List<LevelObject> objects = new ArrayList<>();
    for (LevelContents contents : levels) {
      if (contents != null) {
        contents.appendTo(objects);
      }
    }
    objects.sort(LevelObject.ORDER);
    return objects;
  }

  /** Up to which TXID the objects of a level are no input any more. */
  private long mergedFrom(int level) {
    Txid snapshot = newestSnapshot().map(object -> object.name().max()).orElse(Txid.ZERO);
    Txid above = level + 1 < LtxName.SNAPSHOT_LEVEL ? highest(level + 1) : Txid.ZERO;
    return above.isZero() ? snapshot.value() : above.value();
  }

  private LevelContents contents(int level) {
    LevelContents contents = levels[level];
    if (contents == null) {
      contents = new LevelContents(level);
      levels[level] = contents;
    }
    return contents;
  }
}
