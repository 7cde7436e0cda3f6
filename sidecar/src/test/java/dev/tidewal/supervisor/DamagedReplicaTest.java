package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.tidewal.compact.CompactionSettings;
import dev.tidewal.compact.LevelIndex;
import dev.tidewal.compact.RetentionPlan;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.Moment;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreReport;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
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
  private static final Duration LONGEST_BUILD = Duration.ofSeconds(60);
  private static final Pattern TXID_OR_KEY = Pattern.compile("[0-9a-f]{16}");
  private static final int SOME_TXIDS = 10;

  private Path directory;
  private final long seed = Long.getLong("damage.seed", System.nanoTime());
  private final TreeMap<Txid, byte[]> states = new TreeMap<>();
  private Volume home;
  private Path replica;
  private Txid head;

  /** What restores from one replica came to. */
  private static final class Tally {
    int exact;
    int boundaries;
    int older;
    int refused;

    @Override
    public String toString() {
      return exact
          + " exact, "
          + boundaries
          + " at an earlier boundary, "
          + older
          + " older, "
          + refused
          + " refused";
    }
  }

  /** All levels, two snapshots, a claim, and, of a third life, batches that no level holds. */
  @BeforeAll
  void replicate(@TempDir Path temporary) throws Exception {
    directory = temporary;
    System.out.println("damage.seed=" + seed);
    home = new Volume(Files.createDirectory(directory.resolve("home")));
    replica = directory.resolve("replica");
    long end = System.nanoTime() + LONGEST_BUILD.toNanos();
    for (int life = 0; life < 2; life++) {
      try (Rig rig = new Rig(home, replica, FAST_LEVELS)) {
        rig.start();
        while (!isRich(life + 1)) {
          assertThat(System.nanoTime()).as("levels in time").isLessThan(end);
          commit(rig);
          Thread.sleep(states.size() < 40 ? 60 : 250);
        }
      }
    }
    try (Rig rig = new Rig(home, replica, NO_LEVELS)) {
      rig.start();
      for (int i = 0; i < 3; i++) {
        commit(rig);
      }
    }
    head = states.lastKey();
  }

  private void commit(Rig rig) throws Exception {
    if (states.size() % 9 == 8) {
      rig.execute("DELETE FROM t WHERE id % 3 = 0");
    } else {
      rig.commit(10, 100 + 37 * (states.size() % 20));
    }
    Txid txid = rig.sync().txid();
    states.put(txid, rig.content());
  }

  private boolean isRich(int times) {
    return names(replica, 1).size() >= 4 * times
        && names(replica, 2).size() >= 2 * times
        && names(replica, 3).size() >= times
        && names(replica, 9).size() >= times;
  }

  @Test
  void theWholeReplicaHasEveryState() throws Exception {
    for (Txid txid : states.keySet()) {
      Tally tally = new Tally();
      restore(replica, new RestoreTarget.AtTxid(txid), tally, false);
      assertThat(tally.exact).as("TXID %s", txid).isEqualTo(1);
    }
  }

  @Test
  void eachObjectRemovedInTurnGivesTheSameStatesOrARefusal() throws Exception {
    Tally tally = removeEach(replica);

    System.out.println("removed from the whole replica: " + tally);
    assertThat(tally.refused).as("batches that no level holds yet").isPositive();
    assertThat(tally.older).as("only without the newest").isEqualTo(1);
  }

  @Test
  void eachObjectRemovedInTurnAfterRetentionGivesTheSameStatesOrARefusal() throws Exception {
    for (boolean window : new boolean[] {false, true}) {
      Path kept = copy(replica, window ? "after-window" : "after-batches");
      expire(kept, window);

      Tally tally = removeEach(kept);

      System.out.println("removed after retention: " + tally);
      assertThat(tally.refused).isPositive();
      assertThat(tally.older).isEqualTo(1);
    }
  }

  @Test
  void eachObjectDamagedInTurnGivesTheSameStatesOrARefusal() throws Exception {
    Random random = new Random(seed);
    Tally tally = new Tally();
    for (LtxName name : allNames(replica)) {
      if (name.level() == 0 && random.nextInt(4) > 0 && !name.max().equals(head)) {
        continue;
      }
      Path file = file(replica, name);
      byte[] whole = Files.readAllBytes(file);
      for (Damage damage : Damage.values()) {
        overwrite(file, damage.done(whole, random));
        try {
          restore(replica, RestoreTarget.LATEST, tally, false);
          restore(replica, new RestoreTarget.AtTxid(name.max()), tally, false);
          restore(replica, someTxid(random, replica), tally, false);
        } finally {
          overwrite(file, whole);
        }
      }
    }
    System.out.println("damaged: " + tally);
    assertThat(tally.refused).isPositive();
    assertThat(tally.older).isZero();
  }

  @Test
  void withLocalStateALostNewestObjectIsMadeUpFor() throws Exception {
    Path damaged = copy(replica, "without-newest");
    Volume volume = home.copyTo(directory.resolve("heals"));
    Files.delete(file(damaged, LtxName.batch(head)));

    try (Rig rig = new Rig(volume, damaged, FAST_LEVELS)) {
      rig.start();
      Txid durable = rig.sync().txid();

      assertThat(durable).isGreaterThan(head);
      Path output = directory.resolve("healed.db");
      new Restorer(new FileReplicaClient(damaged), RestoreOptions.DEFAULT, RestoreListener.NONE)
          .restore(RestoreTarget.LATEST, output);
      assertThat(Files.readAllBytes(output)).isEqualTo(rig.content());
    }
  }

  @Test
  void withoutTheFileButWithStateALostNewestObjectIsRefused() throws Exception {
    Path damaged = copy(replica, "without-newest-nor-file");
    Volume volume = home.copyTo(directory.resolve("refuses"));
    Files.delete(file(damaged, LtxName.batch(head)));
    for (String suffix : new String[] {"", "-wal"}) {
      Files.deleteIfExists(Path.of(volume.database() + suffix));
    }

    try (Volume.Begun begun = volume.begin(damaged, Moment.RESTORE_STEP)) {
      assertThat(begun.launch()).as(begun.launch().message()).isInstanceOf(Launch.Refused.class);
      assertThat(begun.launch().message()).contains(head.toString());
    }
    assertThat(volume.database()).doesNotExist();
  }

  private Tally removeEach(Path from) throws IOException {
    Random random = new Random(seed);
    Tally tally = new Tally();
    Path aside = directory.resolve("aside");
    List<LtxName> names = allNames(from);
    for (LtxName name : names) {
      Path file = file(from, name);
      List<RestoreTarget> targets = new ArrayList<>(List.of(new RestoreTarget.AtTxid(name.max())));
      for (int i = 0; i < SOME_TXIDS; i++) {
        targets.add(someTxid(random, from));
      }
      Files.move(file, aside);
      try {
        restore(from, RestoreTarget.LATEST, tally, isOnlyNewest(name, names));
        for (RestoreTarget target : targets) {
          restore(from, target, tally, false);
        }
      } finally {
        Files.move(aside, file);
      }
    }
    return tally;
  }

  private static boolean isOnlyNewest(LtxName name, List<LtxName> names) {
    return names.stream().allMatch(other -> other.equals(name) || other.max().isBefore(name.max()));
  }

  /** Restores and judges. */
  private void restore(Path from, RestoreTarget target, Tally tally, boolean mayBeOlder)
      throws IOException {
    Path output = directory.resolve("restored.db");
    try {
      RestoreReport report =
          new Restorer(
                  new FileReplicaClient(from),
                  RestoreOptions.DEFAULT.withOverwrite(true).withParallelism(2),
                  RestoreListener.NONE)
              .restore(target, output);
      Txid reached = report.position().txid();
      if (!Arrays.equals(Files.readAllBytes(output), states.floorEntry(reached).getValue())) {
        fail(target + " gave a state at " + reached + " that never was");
      }
      Txid asked = target instanceof RestoreTarget.AtTxid at ? at.txid() : head;
      if (reached.equals(asked)) {
        tally.exact++;
      } else if (report.plan().boundary().isPresent()) {
        assertThat(reached).isLessThan(asked);
        tally.boundaries++;
      } else {
        assertThat(mayBeOlder).as("%s gave %s and did not say so", target, reached).isTrue();
        tally.older++;
      }
    } catch (TidewalException e) {
      assertThat(e.getMessage()).as("names the place").containsPattern(TXID_OR_KEY);
      assertThat(output.resolveSibling("restored.db-wal")).doesNotExist();
      tally.refused++;
    }
  }

  /** One of those that the whole replica goes back to. */
  private RestoreTarget someTxid(Random random, Path from) {
    Txid oldest =
        allNames(from).stream()
            .filter(LtxName::isSnapshot)
            .map(LtxName::max)
            .min(Txid::compareTo)
            .orElse(Txid.FIRST);
    List<Txid> known = new ArrayList<>(states.tailMap(oldest, true).keySet());
    return new RestoreTarget.AtTxid(known.get(random.nextInt(known.size())));
  }

  /** Deletes what retention would: batches that a level holds, or all before a snapshot too. */
  private void expire(Path from, boolean window) {
    FileReplicaClient client = new FileReplicaClient(from);
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
  }

  /** Where a file is hit. */
  private enum Damage {
    HEADER,
    PAGE,
    INDEX,
    TRAILER,
    TRUNCATED;

    byte[] done(byte[] whole, Random random) {
      byte[] damaged = whole.clone();
      long indexBytes = ByteBuffer.wrap(whole).getLong(whole.length - 24);
      int indexAt = (int) (whole.length - 24 - indexBytes);
      int at =
          switch (this) {
            case HEADER -> random.nextInt(100);
            case PAGE -> 100 + random.nextInt(indexAt - 100);
            case INDEX -> indexAt + random.nextInt(whole.length - 16 - indexAt);
            case TRAILER -> whole.length - 16 + random.nextInt(16);
            case TRUNCATED -> random.nextInt(whole.length);
          };
      if (this == TRUNCATED) {
        return Arrays.copyOf(whole, at);
      }
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      return damaged;
    }
  }

  /** In place: names, attributes and times of the file stay. */
  private static void overwrite(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
  }

  private Path copy(Path from, String name) throws IOException {
    Path to = directory.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return to;
  }

  private static Path file(Path replica, LtxName name) {
    return replica.resolve("ltx").resolve(Integer.toString(name.level())).resolve(name.fileName());
  }

  private static List<LtxName> names(Path replica, int level) {
    List<LtxName> names = new ArrayList<>();
    new FileReplicaClient(replica)
        .list(level, Txid.ZERO, false)
        .forEachRemaining(info -> names.add(info.name()));
    return names;
  }

  private static List<LtxName> allNames(Path replica) {
    List<LtxName> names = new ArrayList<>();
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      names.addAll(names(replica, level));
    }
    return names;
  }
}
