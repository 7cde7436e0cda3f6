package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.replica.ObjectInfo;
import java.time.Instant;
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

  private final boolean forgetsBatches;
  private @Nullable Listing listing;

  public LevelIndex(CompactionSettings settings) {
    this.forgetsBatches = settings.batchRetention().equals(CompactionSettings.FOR_EVER);
  }

  /** Adds an object that the store has, or replaces what is known of it. */
  public synchronized void add(ObjectInfo info) {
    add(LevelObject.of(info));
  }

  synchronized void add(LevelObject object) {
    contents(object.name().level()).add(object);
    if (listing != null && listing.level == object.name().level()) {
      listing.contents.add(object);
    }
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
   * Takes in a listing of one level, which replaces what was known unless it was added since; one
   * that is closed before it is done changes nothing.
   */
  public synchronized Listing relist(int level) {
    Listing begun = new Listing(level);
    listing = begun;
    return begun;
  }

  /** A listing on its way. Levels are listed from above, so that merged objects settle at once. */
  public final class Listing implements AutoCloseable {
    private static final int SETTLE_EVERY = 1000;

    private final int level;
    private final LevelContents contents;
    private int added;

    private Listing(int level) {
      this.level = level;
      this.contents = empty(level);
    }

    /** The next object; what is too short to be an LTX file is left out. */
    public void add(ObjectInfo info) {
      synchronized (LevelIndex.this) {
        if (info.sizeBytes() >= LtxWriter.EMPTY_FILE_BYTES) {
          contents.add(LevelObject.of(info));
        }
        if (++added % SETTLE_EVERY == 0) {
          contents.settle(mergedFrom(level));
        }
      }
    }

    /** After the last object. */
    public void done() {
      synchronized (LevelIndex.this) {
        levels[level] = contents;
        settle();
      }
    }

    @Override
    public void close() {
      synchronized (LevelIndex.this) {
        listing = null;
      }
    }
  }

  /** Objects that are merged are not needed whole. */
  private void settle() {
    for (int level = 0; level < LtxName.SNAPSHOT_LEVEL; level++) {
      LevelContents contents = levels[level];
      if (contents != null) {
        contents.settle(mergedFrom(level));
      }
    }
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

  /** Everything but what was forgotten, by level and TXID. */
  public List<LevelObject> objects() {
    return objects(Instant.MAX);
  }

  /**
   * The same, but merged batches that were written after {@code batchesUntil} are left out, apart
   * from one of each interval and the newest.
   */
  synchronized List<LevelObject> objects(Instant batchesUntil) {
    List<LevelObject> objects = new ArrayList<>();
    for (LevelContents contents : levels) {
      if (contents != null) {
        contents.appendTo(objects, batchesUntil);
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
      contents = empty(level);
      levels[level] = contents;
    }
    return contents;
  }

  private LevelContents empty(int level) {
    return new LevelContents(level, forgetsBatches && level == 0);
  }
}
