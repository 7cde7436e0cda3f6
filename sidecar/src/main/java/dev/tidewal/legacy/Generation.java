package dev.tidewal.legacy;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An unbroken history of a database: a new one began whenever Litestream 0.3 had lost track.
 *
 * @param id 16 hex digits
 * @param snapshots ascending by index
 * @param segments ascending
 */
public record Generation(String id, List<GenerationSnapshot> snapshots, List<WalSegment> segments) {
  public Generation {
    snapshots =
        snapshots.stream().sorted(Comparator.comparingLong(GenerationSnapshot::index)).toList();
    segments = segments.stream().sorted().toList();
  }

  /** When its first object was stored. */
  public Optional<Instant> created() {
    return times().min(Comparator.naturalOrder());
  }

  /** When its last object was stored. */
  public Optional<Instant> updated() {
    return times().max(Comparator.naturalOrder());
  }

  /** When its last object up to a moment was stored. */
  Optional<Instant> updatedBy(Instant limit) {
    return times().filter(time -> !time.isAfter(limit)).max(Comparator.naturalOrder());
  }

  private Stream<Instant> times() {
    return Stream.concat(
        snapshots.stream().map(GenerationSnapshot::created),
        segments.stream().map(WalSegment::created));
  }
}
