package dev.tidewal.legacy;

import dev.tidewal.core.TidewalException.NothingToRestore;
import dev.tidewal.core.TidewalException.Refused;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which snapshot and which WAL segments a restore reads. A value: computing it reads nothing but
 * the listing. That segments of one WAL follow each other is only known when they are read, for
 * their names have no lengths.
 *
 * @param segments ascending; of the snapshot's WAL and the ones after it, without a gap in indexes
 */
public record GenerationPlan(GenerationSnapshot snapshot, List<WalSegment> segments) {
  public GenerationPlan {
    segments = List.copyOf(segments);
  }

  /**
   * Plans a restore.
   *
   * @throws NothingToRestore when there is no such generation or nothing that old
   * @throws Refused when a WAL is missing
   */
  public static GenerationPlan decide(
      String url, Collection<Generation> generations, GenerationTarget target) {
    return switch (target) {
      case GenerationTarget.Latest latest -> newestBy(url, generations, Instant.MAX);
      case GenerationTarget.AtTime at -> newestBy(url, generations, at.time());
      case GenerationTarget.InGeneration in ->
          within(url, find(url, generations, in.generation()), Instant.MAX, Long.MAX_VALUE);
      case GenerationTarget.AtIndex at -> atIndex(url, generations, at);
    };
  }

  private static Generation find(String url, Collection<Generation> generations, String id) {
    return generations.stream()
        .filter(generation -> generation.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new NothingToRestore(url + " has no generation " + id));
  }

  private static GenerationPlan newestBy(
      String url, Collection<Generation> generations, Instant limit) {
    Generation newest =
        generations.stream()
            .filter(generation -> snapshotBy(generation, limit, Long.MAX_VALUE).isPresent())
            .max(Comparator.comparing(generation -> generation.updatedBy(limit).orElseThrow()))
            .orElseThrow(() -> new NothingToRestore(url + " has no snapshot that old"));
    requireNoneAfter(url, newest, generations, limit);
    return within(url, newest, limit, Long.MAX_VALUE);
  }

  /** A later history whose snapshot was lost must not yield an older one without a word. */
  private static void requireNoneAfter(
      String url, Generation newest, Collection<Generation> generations, Instant limit) {
    Instant reached = newest.updatedBy(limit).orElseThrow();
    for (Generation other : generations) {
      Optional<Instant> updated = other.updatedBy(limit);
      if (updated.isPresent() && updated.get().isAfter(reached)) {
        throw new Refused(
            url
                + ": generation "
                + other.id()
                + " goes on until "
                + updated.get()
                + ", but has no snapshot to begin with; the newest that can be restored is"
                + " --generation "
                + newest.id()
                + ", until "
                + reached);
      }
    }
  }

  private static GenerationPlan atIndex(
      String url, Collection<Generation> generations, GenerationTarget.AtIndex at) {
    Generation generation = find(url, generations, at.generation());
    GenerationPlan plan = within(url, generation, Instant.MAX, at.index());
    if (plan.lastIndex() < at.index()) {
      throw new NothingToRestore(
          url
              + ": generation "
              + generation.id()
              + " ends with WAL "
              + hex(plan.lastIndex())
              + ", before "
              + hex(at.index()));
    }
    return plan;
  }

  private static GenerationPlan within(
      String url, Generation generation, Instant limit, long lastIndex) {
    GenerationSnapshot snapshot =
        snapshotBy(generation, limit, lastIndex)
            .orElseThrow(() ->
                new NothingToRestore(
                    url + ": generation " + generation.id() + " has no snapshot that old"));
    List<WalSegment> segments =
        generation.segments().stream()
            .filter(segment -> segment.index() >= snapshot.index() && segment.index() <= lastIndex)
            .takeWhile(segment -> !segment.created().isAfter(limit))
            .toList();
    long reached = snapshot.index() - 1;
    for (WalSegment segment : segments) {
      if (segment.index() > reached + 1) {
        throw new Refused(
            url
                + ": WAL "
                + hex(reached + 1)
                + " of generation "
                + generation.id()
                + " is missing before "
                + segment.key()
                + "; name an earlier index, a time before, or another generation");
      }
      reached = segment.index();
    }
    return new GenerationPlan(snapshot, segments);
  }

  private static Optional<GenerationSnapshot> snapshotBy(
      Generation generation, Instant limit, long lastIndex) {
    return generation.snapshots().stream()
        .filter(snapshot -> !snapshot.created().isAfter(limit) && snapshot.index() <= lastIndex)
        .max(Comparator.comparingLong(GenerationSnapshot::index));
  }

  public String generation() {
    return snapshot.generation();
  }

  /** The last WAL that is applied. */
  public long lastIndex() {
    return segments.isEmpty() ? snapshot.index() : segments.getLast().index();
  }

  /** When the newest of its objects was stored. */
  public Instant updated() {
    return segments.isEmpty() ? snapshot.created() : segments.getLast().created();
  }

  /** What has to be downloaded. */
  public long sizeBytes() {
    return snapshot.sizeBytes() + segments.stream().mapToLong(WalSegment::sizeBytes).sum();
  }

  /** As object names write an index. */
  public static String hex(long index) {
    return String.format("%08x", index);
  }
}
