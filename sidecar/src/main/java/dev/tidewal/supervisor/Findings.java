package dev.tidewal.supervisor;

import dev.tidewal.database.Diagnosis;
import dev.tidewal.database.Finding;
import dev.tidewal.database.WalHealth;
import dev.tidewal.replicate.ReplicationStatus.DiagnosisLine;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is unhealthy about one database and its application: shown in its status for as long as it
 * lasts, and logged once when it appears. For the thread of the database.
 */
final class Findings {
  private static final Logger LOG = System.getLogger(Findings.class.getName());
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final Path database;
  private final RunStatus status;
  private Optional<DiagnosisLine> unfenced = Optional.empty();
  private Set<Finding.Kind> shown = EnumSet.noneOf(Finding.Kind.class);
  private long lookedNanos = System.nanoTime() - LOOK_EVERY.toNanos();

  Findings(Path database, RunStatus status) {
    this.database = database;
    this.status = status;
  }

  /** The database is followed; cheap enough to be called with every look at its WAL. */
  void followed(WalHealth health, boolean rewritten) {
    boolean due = System.nanoTime() - lookedNanos >= LOOK_EVERY.toNanos();
    boolean begun = rewritten && !shown.contains(Finding.Kind.DATABASE_REWRITTEN);
    boolean ended =
        shown.contains(Finding.Kind.EXCLUSIVE_APPLICATION)
            || (shown.contains(Finding.Kind.ENDLESS_READER)
                && health.state() != WalHealth.State.HELD_BY_READER);
    if (due || begun || ended) {
      look(Optional.of(health), rewritten, false);
    }
  }

  /** The store of the first destination lets a second writer replace what is there. */
  void unfenced(String url) {
    if (unfenced.isPresent()) {
      return;
    }
    DiagnosisLine line =
        new DiagnosisLine(
            "Unfenced",
            url + " can't refuse a second writer: its store ignores If-None-Match",
            "use a store that doesn't ('tidewal probe URL' tells), or make sure that never two"
                + " sidecars write to one path");
    warn(line);
    unfenced = Optional.of(line);
    lookedNanos = System.nanoTime() - LOOK_EVERY.toNanos();
  }

  /** The database can't be followed now. */
  void notFollowed(boolean lockedOut) {
    look(Optional.empty(), false, lockedOut);
  }

  private void look(Optional<WalHealth> health, boolean rewritten, boolean lockedOut) {
    lookedNanos = System.nanoTime();
    try {
      show(Diagnosis.look(database, health, rewritten, lockedOut));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "{0} can''t be diagnosed: {1}", database, e.getMessage());
    }
  }

  private void show(List<Finding> found) {
    Set<Finding.Kind> now = EnumSet.noneOf(Finding.Kind.class);
    for (Finding finding : found) {
      now.add(finding.kind());
      if (!shown.contains(finding.kind())) {
        warn(line(finding));
      }
    }
    shown = now;
    status.diagnoses(Stream.concat(found.stream().map(Findings::line), unfenced.stream()).toList());
  }

  private static DiagnosisLine line(Finding finding) {
    return new DiagnosisLine(finding.code(), finding.sentence(), finding.cure());
  }

  private void warn(DiagnosisLine line) {
    LOG.log(
        Level.WARNING, "{0}: {1}: {2}; {3}", database, line.code(), line.sentence(), line.cure());
  }
}
