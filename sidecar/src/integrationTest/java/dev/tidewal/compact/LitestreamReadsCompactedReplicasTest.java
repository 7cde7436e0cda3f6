package dev.tidewal.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import dev.tidewal.testing.ClockedReplicaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Litestream 0.5.18 restores what was compacted here, and goes on from it. */
@Tag("integration")
class LitestreamReadsCompactedReplicasTest {
  private static final long SEED = 20_261_120;
  private static final Duration LIFE = Duration.ofHours(60);

  private final Path directory;
  private final Path replica;
  private final Litestream litestream;
  private final ReplicaClient files;
  private final ReplicaClient store;
  private final Random random = new Random(SEED);

  /**
   * It may overrun its life, but must not reach the real time: Litestream then waits. Begins with
   * an interval of each level, whenever the test runs.
   */
  private Instant now =
      Instant.now().minus(LIFE).minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.HOURS);

  LitestreamReadsCompactedReplicasTest(@TempDir Path directory) {
    this.directory = directory;
    this.replica = directory.resolve("replica");
    this.litestream = new Litestream(directory, replica);
    this.files = new FileReplicaClient(replica);
    this.store = new ClockedReplicaClient(files, () -> now);
  }

  @Test
  void everyStateThatIsKeptIsRestoredByteForByteAndItGoesOnFromThere() throws Exception {
    try (SqliteReplica source = new SqliteReplica(store, directory, SEED)) {
      live(source);

      assertThat(litestream.restore()).isEqualTo(source.states.get(source.head().value()));
      Reachability ends = new Reachability(names());
      for (int i = 0; i < 8; i++) {
        long txid = ends.atOrBefore(source.head().value() - random.nextInt(40));
        assertThat(litestream.restore("-txid", new Txid(txid).toString()))
            .as("TXID %s", txid)
            .isEqualTo(source.states.get(txid));
      }
      for (int i = 0; i < 20; i++) {
        Instant moment = now.minus(Duration.ofSeconds(random.nextInt(200, 86_400)));
        long txid = ends.atOrBefore(newestBefore(source, moment));
        assertThat(litestream.restore("-timestamp", moment.toString()))
            .as("%s is TXID %s", moment, txid)
            .isEqualTo(source.states.get(txid));
      }
    }
    goOnInTurn();
  }

  @Test
  void itGoesOnFromAnIdleReplicaOfWhichLittleIsLeft() throws Exception {
    try (SqliteReplica source = new SqliteReplica(store, directory, SEED)) {
      Compaction compaction = compaction(source);
      compaction.acknowledged(source.write(now));
      compaction.acknowledged(source.claim(now));
      compaction.acknowledged(source.write(now));
      sleep(compaction, Duration.ofHours(1));
      compaction.acknowledged(source.write(now));
      compaction.acknowledged(source.claim(now));
      sleep(compaction, LIFE.minusHours(1));
    }
    assertThat(names()).hasSizeLessThan(8);
    goOnInTurn();
  }

  /** Sixty hours of work and idleness, restarts among them, up to now. */
  private void live(SqliteReplica source) throws Exception {
    Instant end = now.plus(LIFE);
    Instant busy = end.minus(Duration.ofHours(2));
    while (now.isBefore(busy)) {
      work(source);
      Duration idle = Duration.ofMinutes(random.nextInt(20, 400));
      Duration left = Duration.between(now, busy);
      sleep(compaction(source), left.isPositive() && left.compareTo(idle) < 0 ? left : idle);
    }
    while (now.isBefore(end)) {
      work(source);
    }
  }

  private void work(SqliteReplica source) throws Exception {
    source.claim(now);
    Compaction compaction = compaction(source);
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      compaction.acknowledged(source.write(now));
      sleep(compaction, Duration.ofSeconds(random.nextInt(1, 200)));
    }
  }

  /** Litestream, Tidewal's compaction, Litestream again; both can restore all of it. */
  private void goOnInTurn() throws Exception {
    Path database = directory.resolve("application.db");
    Files.write(database, litestream.restore());
    for (int turn = 0; turn < 2; turn++) {
      long end = Peer.restores(names());
      String log = litestream.replicate(database, () -> writeUntilCompacted(database, end));
      assertThat(log).doesNotContain("level=ERROR", "non-contiguous", "verification failed");

      compactEverything();
      assertThat(sum(file(litestream.restore()))).isEqualTo(sum(database));
      assertThat(sum(restoredHere())).isEqualTo(sum(database));
      Peer.continuesFrom(names());
    }
  }

  private void writeUntilCompacted(Path database, long end) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=10000");
      await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> {
            statement.execute("INSERT INTO t(v) VALUES (randomblob(500))");
            return reaches(1, end + 1) && reaches(2, end + 1) && reaches(3, end + 1);
          });
    }
  }

  private boolean reaches(int level, long txid) {
    return names().stream().anyMatch(name -> name.level() == level && name.max().value() >= txid);
  }

  /** As a sidecar that took over from Litestream would, by the real clock. */
  private void compactEverything() {
    long head = Peer.restores(names());
    CompactionSettings settings = CompactionSettings.DEFAULT;
    CompactionSettings fast =
        new CompactionSettings(
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4)),
            settings.snapshotInterval(),
            settings.retention(),
            settings.batchRetention(),
            settings.restoreGrace(),
            true,
            settings.writeMode());
    Compaction compaction =
        new Compaction(
            files,
            new Acknowledged(new Txid(head)),
            fast,
            directory,
            InstantSource.system(),
            CompactionListener.NONE);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          compaction.run();
          return reaches(3, head);
        });
  }

  private Compaction compaction(SqliteReplica source) {
    return new Compaction(
        store, source, CompactionSettings.DEFAULT, directory, () -> now, CompactionListener.NONE);
  }

  private void sleep(Compaction compaction, Duration time) {
    Instant until = now.plus(time);
    while (compaction.untilNext().compareTo(Duration.between(now, until)) <= 0) {
      now = now.plus(compaction.untilNext());
      compaction.run();
    }
    now = until;
  }

  private static long newestBefore(SqliteReplica source, Instant moment) {
    return source.timestamps.entrySet().stream()
        .filter(entry -> entry.getValue().isBefore(moment))
        .mapToLong(Map.Entry::getKey)
        .max()
        .orElseThrow();
  }

  private List<LtxName> names() {
    List<LtxName> names = new ArrayList<>();
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      files.list(level, Txid.ZERO, false).forEachRemaining(info -> names.add(info.name()));
    }
    return names;
  }

  private Path file(byte[] database) throws IOException {
    return Files.write(directory.resolve("compare.db"), database);
  }

  private Path restoredHere() throws IOException {
    Path output = directory.resolve("by-tidewal.db");
    new Restorer(files, RestoreOptions.DEFAULT.withOverwrite(true), RestoreListener.NONE)
        .restore(new RestoreTarget.Latest(), output);
    return output;
  }

  private static String sum(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*), group_concat(hex(v), ' ') FROM (SELECT v FROM t ORDER BY id)")) {
      return rows.getString(1) + " " + rows.getString(2);
    }
  }

  /** An owner of whom nothing is known but the head. */
  private record Acknowledged(Txid acknowledged) implements Ownership {
    @Override
    public void assure() {}

    @Override
    public String ownerId() {
      return BatchWriter.OWNER;
    }

    @Override
    public Optional<String> clusterId() {
      return Optional.empty();
    }

    @Override
    public List<ProtectedBranch> branches() {
      return List.of();
    }
  }
}
