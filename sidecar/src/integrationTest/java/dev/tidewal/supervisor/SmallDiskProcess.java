package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.replicate.ReplicationState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A replication whose state directory is a file system of its own, and a full one now and then.
 * Runs in a process of its own, because only that sees the file system.
 */
final class SmallDiskProcess {
  private static final long MIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path state;
  private final Path filler;

  private SmallDiskProcess(Path home) {
    state = home.resolve(".app.db-tidewal");
    filler = state.resolve("filler");
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[1]);
    SmallDiskProcess process = new SmallDiskProcess(home);
    try (Rig rig = new Rig(home, 2 * MIB, 64 * MIB)) {
      switch (arguments[0]) {
        case "start" -> process.start(rig);
        case "page-checksums" -> process.pageChecksums(rig);
        case "spool" -> process.spool(rig);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
    System.out.println("done: " + arguments[0]);
    System.exit(0);
  }

  /** There is no room for any state: it says so and waits for room. */
  private void start(Rig rig) throws Exception {
    rig.commit(100, 1000);
    fill();
    rig.start();
    await().atMost(PATIENCE).until(() -> rig.status().reason().equals("LocalError"));
    assertThat(rig.status().message())
        .contains("No space left")
        .contains("make room")
        .doesNotContain("\n");

    Files.delete(filler);

    goesOn(rig);
  }

  /** The database grows, and there is no room for the checksums of its pages. */
  private void pageChecksums(Rig rig) throws Exception {
    rig.commit(10, 1000);
    rig.start();
    rig.sync();
    fill();
    for (int i = 0; i < 10; i++) {
      rig.commit(200, 4000);
      Thread.sleep(100);
    }

    Files.delete(filler);

    goesOn(rig);
  }

  /** The store is away, and there is no room for what waits. */
  private void spool(Rig rig) throws Exception {
    rig.commit(10, 1000);
    rig.start();
    rig.sync();
    rig.store.onAnything().unreachable();
    fill();
    for (int i = 0; i < 20; i++) {
      rig.commit(100, 5000);
      Thread.sleep(50);
    }
    await()
        .atMost(PATIENCE)
        .until(() ->
            rig.status().state() == ReplicationState.DEGRADED
                || rig.status().reason().equals("LocalError"));

    Files.delete(filler);
    rig.store.heal();

    goesOn(rig);
  }

  private static void goesOn(Rig rig) throws Exception {
    rig.commit(10, 1000);
    rig.sync();
    await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.REPLICATING);
    rig.assertReplicaIsTheDatabase();
  }

  /** Until really nothing more fits. */
  private void fill() throws IOException {
    Files.createDirectories(state);
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }
}
