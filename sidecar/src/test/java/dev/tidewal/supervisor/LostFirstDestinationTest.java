package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.Moment;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus.DestinationStatus;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first of two destinations loses everything while the second is behind. Nothing that was
 * acknowledged is lost, and the second keeps what it has.
 */
class LostFirstDestinationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int OLD_ROWS = 20;

  @TempDir private Path directory;
  private Path replica;
  private Path other;
  private Volume volume;

  @BeforeEach
  void places() throws IOException {
    replica = directory.resolve("replica");
    other = directory.resolve("other");
    volume = new Volume(Files.createDirectory(directory.resolve("home")));
  }

  @Test
  void whatIsLostBetweenStartsIsBegunAnewAndTheSecondKeepsWhatItHas() throws Exception {
    try (Rig rig = rig()) {
      fallBehind(rig);
      rig.commit(10, 100);
      Position durable = rig.sync();
      rig.stop();
      Map<String, Long> kept = files(other);
      FragileReplica.empty(replica);

      rig.otherStore.heal();
      rig.start();
      rig.commit(5, 100);

      assertThat(rig.sync().txid()).isGreaterThan(durable.txid());
      assertThat(rig.status().reason()).isEqualTo("ReplicaLost");
      assertDiverged(rig);
      assertThat(files(other)).isEqualTo(kept);
      assertThat(rig.rowsOfOther()).isEqualTo(OLD_ROWS);
      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void whatIsLostWhileItIsWrittenIsBegunAnewAndTheSecondKeepsWhatItHas() throws Exception {
    try (Rig rig = Rig.withSecond(volume, replica, second(), "levels: 1s")) {
      rig.start();
      fallBehind(rig);
      rig.commit(10, 100);
      rig.sync();
      FragileReplica.empty(replica);
      await()
          .atMost(PATIENCE)
          .until(() -> {
            rig.commit(1, 100);
            return rig.status().reason().equals("ReplicaLost");
          });
      await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.REPLICATING);
      rig.otherStore.heal();
      rig.sync();

      assertDiverged(rig);
      assertThat(rig.rowsOfOther()).isEqualTo(OLD_ROWS);
      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void withoutTheDatabaseNothingIsBegunEmptyAndTheSecondIsNamed() throws Exception {
    try (Rig rig = rig()) {
      fallBehind(rig);
      rig.commit(10, 100);
      rig.sync();
      rig.stop();
    }
    FragileReplica.empty(replica);
    try (Stream<Path> files = Files.list(volume.directory())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }

    try (Volume.Begun begun = volume.begin(replica, Moment.RESTORE_STEP)) {
      assertThat(begun.launch()).isInstanceOf(Launch.Refused.class);
      assertThat(begun.launch().message()).contains("restore from another destination");
    }
    try (Volume.Begun begun = volume.begin(other, Moment.RESTORE_STEP)) {
      assertThat(begun.launch()).as("named as the first").isInstanceOf(Launch.Refused.class);
      assertThat(begun.launch().message()).contains("--accept-txid");
    }
  }

  @Test
  void theSecondNamedAsTheFirstGoesOnAboveWhatItHas() throws Exception {
    LtxName newest;
    try (Rig rig = rig()) {
      fallBehind(rig);
      newest = newestBatch();
      rig.commit(10, 100);
      rig.sync();
      rig.stop();
    }
    FragileReplica.empty(replica);

    try (Rig rig = new Rig(volume, other).start()) {
      rig.commit(5, 100);
      rig.sync();

      rig.assertReplicaIsTheDatabase();
      assertThat(rig.rowsAt(newest.max())).isEqualTo(OLD_ROWS);
    }
  }

  private Rig rig() throws Exception {
    return Rig.withSecond(volume, replica, second()).start();
  }

  /** With levels so long that it comes to rest. */
  private String second() {
    return "type: file, path: " + other + ", levels: 20h";
  }

  /** The second has the first rows, and gets nothing from here on. */
  private void fallBehind(Rig rig) throws Exception {
    rig.commit(OLD_ROWS, 100);
    Txid durable = rig.sync().txid();
    await().atMost(PATIENCE).until(() -> newestBatch().max().equals(durable));
    await().atMost(PATIENCE).until(() -> new FragileReplica.OnFiles(other).names(9).size() == 1);
    rig.otherStore.on(Operation.WRITE).unreachable();
  }

  private LtxName newestBatch() {
    LtxName[] newest = {LtxName.batch(Txid.FIRST)};
    new FileReplicaClient(other)
        .list(0, Txid.ZERO, false)
        .forEachRemaining(info -> newest[0] = info.name());
    return newest[0];
  }

  private static void assertDiverged(Rig rig) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(rig.status().destinations().getLast())
                .extracting(DestinationStatus::lastError)
                .matches(error -> ((Optional<?>) error).toString().contains("Diverged")));
  }

  /** Names and sizes of all objects. */
  private static Map<String, Long> files(Path replica) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(replica)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sizes.put(replica.relativize(file).toString(), Files.size(file));
      }
    }
    return sizes;
  }
}
