package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.compact.CompactionSettings;
import dev.tidewal.compact.LevelIndex;
import dev.tidewal.compact.RetentionPlan;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.Moment;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.CredentialsSource;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.replica.S3Endpoint;
import dev.tidewal.replica.S3Settings;
import dev.tidewal.replica.StoreCredentials;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import dev.tidewal.supervisor.RestoreJudge.Tally;
import dev.tidewal.testing.S3ProxyServer;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real replica with all levels, made by a whole sidecar, of which every object is taken away or
 * damaged in turn: whatever is restored then is a state that the database really had, and the right
 * one; or the restore is refused and says where.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedReplicaTest {
  private static final String FAST_LEVELS =
      """
      levels: 250ms, 800ms, 2500ms
      snapshot: {interval: 3s}
      """;
  private static final String NO_LEVELS =
      """
      levels: 20h, 21h, 22h
      snapshot: {interval: 23h}
      """;
  private static final Duration LONGEST_BUILD = Duration.ofSeconds(120);
  private static final int SOME_TXIDS = 6;

  private Path directory;
  private final long seed = Long.getLong("damage.seed", System.nanoTime());
  private final TreeMap<Txid, byte[]> states = new TreeMap<>();
  private Volume home;
  private FragileReplica.OnFiles replica;
  private RestoreJudge judge;
  private Txid head;

  /** All levels, two snapshots, a claim, and, of a third life, batches that no level holds. */
  @BeforeAll
  void replicate(@TempDir Path temporary) throws Exception {
    directory = temporary;
    System.out.println("damage.seed=" + seed);
    home = new Volume(Files.createDirectory(directory.resolve("home")));
    replica = new FragileReplica.OnFiles(directory.resolve("replica"));
    long end = System.nanoTime() + LONGEST_BUILD.toNanos();
    for (int life = 0; life < 2; life++) {
      try (Rig rig = new Rig(home, replica.directory(), FAST_LEVELS)) {
        rig.start();
        record(rig); // what the first snapshot has, or the claim
        while (!isRich(life + 1)) {
          assertThat(System.nanoTime()).as("levels in time").isLessThan(end);
          commit(rig);
          Thread.sleep(states.size() < 40 ? 60 : 250);
        }
      }
    }
    try (Rig rig = new Rig(home, replica.directory(), NO_LEVELS)) {
      rig.start();
      for (int i = 0; i < 3; i++) {
        commit(rig);
      }
    }
    head = states.lastKey();
    judge = new RestoreJudge(states, directory.resolve("restored.db"));
  }

  private void commit(Rig rig) throws Exception {
    if (states.size() % 9 == 8) {
      rig.execute("DELETE FROM t WHERE id % 3 = 0");
    } else {
      rig.commit(10, 100 + 37 * (states.size() % 20));
    }
    record(rig);
  }

  private void record(Rig rig) throws Exception {
    Txid txid = rig.sync().txid();
    states.put(txid, rig.content());
  }

  private boolean isRich(int times) {
    return replica.names(1).size() >= 4 * times
        && replica.names(2).size() >= 2 * times
        && replica.names(3).size() >= times
        && replica.names(9).size() >= times;
  }

  @Test
  void theWholeReplicaHasEveryState() throws Exception {
    for (Txid txid : states.keySet()) {
      Tally tally = new Tally();
      judge.restore(replica.client(), new RestoreTarget.AtTxid(txid), tally, false);
      assertThat(tally.exact).as("TXID %s", txid).isEqualTo(1);
    }
  }

  @Test
  void eachObjectRemovedInTurnGivesTheSameStatesOrARefusal() throws Exception {
    Tally tally = judge.removeEach(replica, new Random(seed), SOME_TXIDS);

    System.out.println("removed from the whole replica: " + tally);
    assertThat(tally.refused).as("batches that no level holds yet").isPositive();
    assertThat(tally.older).as("only without the newest").isEqualTo(1);
  }

  @Test
  void eachObjectRemovedInTurnAfterRetentionGivesTheSameStatesOrARefusal() throws Exception {
    for (boolean window : new boolean[] {false, true}) {
      FragileReplica.OnFiles kept = expired(window, window ? "after-window" : "after-batches");

      Tally tally = judge.removeEach(kept, new Random(seed), SOME_TXIDS);

      System.out.println("removed after retention: " + tally);
      assertThat(tally.refused).isPositive();
      assertThat(tally.older).isEqualTo(1);
    }
  }

  @Test
  void eachObjectDamagedInTurnGivesTheSameStatesOrARefusal() throws Exception {
    Random random = new Random(seed);
    Tally tally = new Tally();
    for (LtxName name : replica.names()) {
      if (name.level() == 0 && random.nextInt(4) > 0 && !name.max().equals(head)) {
        continue;
      }
      for (Damage damage : Damage.values()) {
        judge.damage(replica, name, damage, random, tally);
      }
    }
    System.out.println("damaged: " + tally);
    assertThat(tally.refused).isPositive();
    assertThat(tally.older).isZero();
  }

  @Test
  void throughS3EachObjectRemovedOrDamagedInTurnGivesTheSameStatesOrARefusal() throws Exception {
    Random random = new Random(seed);
    Path stored = Files.createDirectories(directory.resolve("s3/bucket")).getParent();
    try (S3ProxyServer server = S3ProxyServer.start(stored);
        ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = clients.open(settings(server))) {
      FragileReplica.OnFiles kept = expired(false, "before-s3");
      FragileReplica.InStore replica = FragileReplica.InStore.copyOf(kept, client);

      Tally removed = judge.removeEach(replica, random, 0);
      Tally damaged = new Tally();
      for (LtxName name : replica.names()) {
        Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
        judge.damage(replica, name, damage, random, damaged);
      }

      System.out.println("through S3: removed: " + removed + "; damaged: " + damaged);
      assertThat(removed.refused).isPositive();
      assertThat(removed.older).as("only without the newest").isEqualTo(1);
      assertThat(damaged.refused).isPositive();
      assertThat(damaged.older).isZero();
    }
  }

  private static S3Settings settings(S3ProxyServer server) {
    return S3Settings.of("bucket", "app")
        .withEndpoint(S3Endpoint.at(server.endpoint()))
        .withCredentials(
            CredentialsSource.fixed(
                StoreCredentials.of(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)));
  }

  @Test
  void withLocalStateALostNewestObjectIsMadeUpFor() throws Exception {
    FragileReplica.OnFiles damaged = copy("without-newest");
    Volume volume = home.copyTo(directory.resolve("heals"));
    Files.delete(damaged.file(LtxName.batch(head)));

    try (Rig rig = new Rig(volume, damaged.directory(), FAST_LEVELS)) {
      rig.start();
      Txid durable = rig.sync().txid();

      assertThat(durable).isGreaterThan(head);
      Path output = directory.resolve("healed.db");
      new Restorer(damaged.client(), RestoreOptions.DEFAULT, RestoreListener.NONE)
          .restore(RestoreTarget.LATEST, output);
      assertThat(Files.readAllBytes(output)).isEqualTo(rig.content());
    }
  }

  @Test
  void withoutTheFileButWithStateALostNewestObjectIsRefused() throws Exception {
    FragileReplica.OnFiles damaged = copy("without-newest-nor-file");
    Volume volume = home.copyTo(directory.resolve("refuses"));
    Files.delete(damaged.file(LtxName.batch(head)));
    for (String suffix : new String[] {"", "-wal"}) {
      Files.deleteIfExists(Path.of(volume.database() + suffix));
    }

    try (Volume.Begun begun = volume.begin(damaged.directory(), Moment.RESTORE_STEP)) {
      assertThat(begun.launch()).as(begun.launch().message()).isInstanceOf(Launch.Refused.class);
      assertThat(begun.launch().message()).contains(head.toString());
    }
    assertThat(volume.database()).doesNotExist();
  }

  /**
   * A copy without what retention deletes: batches that a level holds, or all before a snapshot
   * too.
   */
  private FragileReplica.OnFiles expired(boolean window, String name) throws IOException {
    FragileReplica.OnFiles kept = copy(name);
    ReplicaClient client = kept.client();
    LevelIndex index = new LevelIndex(CompactionSettings.DEFAULT);
    List<ObjectInfo> snapshots = new ArrayList<>();
    for (int level = 9; level >= 0; level--) {
      try (LevelIndex.Listing listing = index.relist(level)) {
        client
            .list(level, Txid.ZERO, false)
            .forEachRemaining(info -> {
              listing.add(info);
              if (info.name().level() == 9) {
                snapshots.add(info);
              }
            });
        listing.done();
      }
    }
    Instant floor = snapshots.get(snapshots.size() - 2).modified();
    Instant at = window ? floor.plus(Duration.ofHours(25)) : floor.plus(Duration.ofHours(3));
    RetentionPlan.Situation situation =
        new RetentionPlan.Situation(index.objects(), head, List.of(), true, Set.of());
    List<LtxName> expired = RetentionPlan.at(at, situation, CompactionSettings.DEFAULT).expired();
    assertThat(expired).isNotEmpty();
    client.delete(expired);
    return kept;
  }

  private FragileReplica.OnFiles copy(String name) throws IOException {
    Path from = replica.directory();
    Path to = directory.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return new FragileReplica.OnFiles(to);
  }
}
