package dev.tidewal.restore;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.core.TidewalException;
import dev.tidewal.legacy.Generation;
import dev.tidewal.legacy.GenerationPlan;
import dev.tidewal.legacy.GenerationSnapshot;
import dev.tidewal.legacy.GenerationStore;
import dev.tidewal.legacy.GenerationTarget;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.testing.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generations that Litestream 0.3.14 wrote under load come back as it restores them itself. */
@Tag("integration")
class Litestream03RestoreTest {
  private static final long SEED = 20_240_503;

  @TempDir Path directory;

  @Test
  void fileReplica() throws Exception {
    Path database = directory.resolve("app.db");
    Path replica = directory.resolve("replica");
    LitestreamPeer peer =
        new LitestreamPeer(
            Peers.litestream03(),
            directory,
            """
            dbs:
              - path: %s
                monitor-interval: 50ms
                checkpoint-interval: 2s
                min-checkpoint-page-count: 50
                replicas:
                  - type: file
                    path: %s
                    sync-interval: 50ms
                    snapshot-interval: 4s
            """
                .formatted(database, replica),
            database.toString());
    LoadedDatabase application = new LoadedDatabase(database, SEED);
    Process litestream = peer.replicate();
    try {
      application.write(Duration.ofSeconds(9));
      // Stopped with work at hand, 0.3 may send some of it twice.
      await().atMost(Duration.ofSeconds(90)).until(() -> isQuietForASecond(replica));
    } finally {
      LitestreamPeer.stop(litestream);
    }
    try (FileReplicaClient client = new FileReplicaClient(replica)) {
      compare(peer, new GenerationStore(client.browser().orElseThrow()));
      assertThat(FormatChoice.of(client, RestoreTarget.LATEST)).isEqualTo(FormatChoice.GENERATIONS);
    }
  }

  private static boolean isQuietForASecond(Path replica) throws Exception {
    Set<String> before = stored(replica);
    Thread.sleep(1_000);
    return !before.isEmpty() && stored(replica).equals(before);
  }

  private static Set<String> stored(Path replica) throws IOException {
    try (Stream<Path> files = Files.walk(replica)) {
      return files.map(Path::toString).collect(toSet());
    } catch (UncheckedIOException goneMeanwhile) {
      return Set.of();
    }
  }

  private void compare(LitestreamPeer peer, GenerationStore store) throws Exception {
    Generation generation = store.list().getFirst();
    assertThat(generation.snapshots()).hasSizeGreaterThan(1);
    Instant first =
        generation.snapshots().stream()
            .map(GenerationSnapshot::created)
            .min(Comparator.naturalOrder())
            .orElseThrow();
    Duration span = Duration.between(first, generation.updated().orElseThrow());
    long lastIndex = generation.segments().getLast().index();
    Random random = new Random(SEED);

    assertThat(same(peer, store, new GenerationTarget.Latest())).isTrue();
    int restored = 0;
    for (int i = 0; i < 8; i++) {
      // 0.3 knows whole seconds only.
      Instant time = first.plusMillis(random.nextLong(span.toMillis()));
      GenerationTarget moment = new GenerationTarget.AtTime(time);
      restored += same(peer, store, moment, "-timestamp", time.toString()) ? 1 : 0;
      long index = random.nextLong(lastIndex + 1);
      same(
          peer,
          store,
          new GenerationTarget.AtIndex(generation.id(), index),
          "-generation",
          generation.id(),
          "-index",
          GenerationPlan.hex(index));
    }
    assertThat(restored).isGreaterThan(5);
  }

  private boolean same(
      LitestreamPeer peer, GenerationStore store, GenerationTarget target, String... options)
      throws IOException, InterruptedException {
    Path theirs = directory.resolve("theirs.db");
    Path ours = directory.resolve("ours.db");
    String scene = "seed " + SEED + ", " + target;
    boolean theyCan = peer.restore(theirs, options);
    boolean weCan = restore(store, target, ours);
    assertThat(weCan).as(scene).isEqualTo(theyCan);
    if (weCan) {
      assertThat(ours).as(scene).hasSameBinaryContentAs(theirs);
      Files.delete(theirs);
      Files.delete(ours);
    }
    return weCan;
  }

  private static boolean restore(GenerationStore store, GenerationTarget target, Path output)
      throws IOException {
    RestoreOptions options = RestoreOptions.DEFAULT.withIntegrityCheck(IntegrityCheck.QUICK);
    try {
      new GenerationRestorer(store, options, RestoreListener.NONE).restore(target, output);
      return true;
    } catch (TidewalException.NothingToRestore older) {
      return false;
    }
  }
}
