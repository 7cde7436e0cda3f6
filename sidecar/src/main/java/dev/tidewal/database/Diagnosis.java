package dev.tidewal.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What is unhealthy about a database and the application that uses it, named with a cure. {@link
 * #of} is pure; {@link #look} gathers what it needs.
 */
public final class Diagnosis {
  /** SQLite 3.51.3 has the fix of the WAL-reset bug. */
  private static final int GOOD_SQLITE = 3_051_003;

  private static final Duration READER_IS_ENDLESS = Duration.ofSeconds(30);
  private static final long LARGE_WAL_BYTES = 256L << 20;
  private static final long REWRITE_WORTH_NAMING_PAGES = 1000;
  private static final Set<String> NETWORK =
      Set.of("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ceph", "lustre", "9p");

  private Diagnosis() {}

  /**
   * What is known about a database.
   *
   * @param look what its header says
   * @param fileSystem type of the file system, for example {@code ext4}
   * @param lockedOut not even a reader could get in
   * @param health of the WAL, when it is followed
   * @param rewritten a capture not long ago had nearly every page of the database
   * @param readers processes with a read transaction, where that can be known
   */
  public record Facts(
      DatabaseLook.Database look,
      String fileSystem,
      boolean lockedOut,
      Optional<WalHealth> health,
      boolean rewritten,
      List<String> readers) {}

  public static List<Finding> of(Facts facts) {
    List<Finding> findings = new ArrayList<>();
    ofHeader(facts.look(), findings);
    ofVolume(facts.fileSystem().toLowerCase(Locale.ROOT), findings);
    if (facts.lockedOut()) {
      findings.add(
          new Finding(
              Finding.Kind.EXCLUSIVE_APPLICATION,
              "another process holds the database exclusively; not even readers get in"));
    }
    if (facts.rewritten()) {
      findings.add(
          new Finding(
              Finding.Kind.DATABASE_REWRITTEN,
              "one batch of commits rewrote nearly the whole database, as VACUUM does"));
    }
    facts.health().ifPresent(health -> ofWal(health, facts.readers(), findings));
    return List.copyOf(findings);
  }

  private static void ofHeader(DatabaseLook.Database look, List<Finding> findings) {
    if (!look.wal()) {
      findings.add(new Finding(Finding.Kind.NOT_WAL, "the database is not in WAL mode"));
    }
    if (look.lastWriter() != 0 && look.lastWriter() < GOOD_SQLITE) {
      findings.add(
          new Finding(
              Finding.Kind.OLD_SQLITE,
              "the database was last written by SQLite " + version(look.lastWriter())));
    }
  }

  private static void ofVolume(String fileSystem, List<Finding> findings) {
    if (NETWORK.contains(fileSystem) || fileSystem.startsWith("fuse.")) {
      findings.add(new Finding(Finding.Kind.NETWORK_VOLUME, "the database lies on " + fileSystem));
    } else if (fileSystem.equals("overlay")) {
      findings.add(
          new Finding(
              Finding.Kind.OVERLAY_VOLUME,
              "the database lies on the file system of a container (overlay)"));
    }
  }

  private static void ofWal(WalHealth health, List<String> readers, List<Finding> findings) {
    boolean reader = health.state() == WalHealth.State.HELD_BY_READER;
    if (reader && health.heldByReader().compareTo(READER_IS_ENDLESS) >= 0) {
      findings.add(
          new Finding(
              Finding.Kind.ENDLESS_READER,
              "a read transaction of the application"
                  + (readers.isEmpty() ? "" : " (" + String.join(", ", readers) + ")")
                  + " has held the WAL for "
                  + health.heldByReader().toSeconds()
                  + " s, now "
                  + health.walBytes()
                  + " bytes"));
    } else if (health.fileBytes() >= LARGE_WAL_BYTES && health.walBytes() < LARGE_WAL_BYTES) {
      findings.add(
          new Finding(
              Finding.Kind.LARGE_WAL_FILE,
              "the -wal file has "
                  + health.fileBytes()
                  + " bytes, of which "
                  + health.walBytes()
                  + " are in use"));
    }
  }

  /**
   * Looks at a database that may or may not be followed.
   *
   * @param health of its WAL, when it is followed
   * @param lockedOut not even a reader could get in
   * @return nothing when there is no database yet
   */
  public static List<Finding> look(
      Path database, Optional<WalHealth> health, boolean rewritten, boolean lockedOut)
      throws IOException {
    if (!(DatabaseLook.at(database) instanceof DatabaseLook.Database look)) {
      return List.of();
    }
    String fileSystem = Files.getFileStore(database).type();
    boolean held = health.filter(h -> h.state() == WalHealth.State.HELD_BY_READER).isPresent();
    List<String> readers = held ? WalReaders.of(database) : List.of();
    return of(new Facts(look, fileSystem, lockedOut, health, rewritten, readers));
  }

  /** Whether a capture holds nearly every page of a database that is not small. */
  public static boolean isRewrite(Capture capture) {
    return capture.kind() == Capture.Kind.BATCH
        && capture.commit() >= REWRITE_WORTH_NAMING_PAGES
        && capture.smallestCommit() >= capture.commit() / 10 * 9 // it was that large before
        && capture.pageCount() >= capture.commit() / 10 * 9;
  }

  private static String version(int number) {
    return number / 1_000_000 + "." + number / 1000 % 1000 + "." + number % 1000;
  }
}
