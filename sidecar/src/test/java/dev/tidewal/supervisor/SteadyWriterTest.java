package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that never pauses for long, beside a store that keeps up, each time late. */
class SteadyWriterTest {
  private static final long MIB = 1 << 20;
  private static final long WAL_LIMIT = 40 * MIB;
  private static final int COMMITTED_MIB = 70;

  /** A thread that gets no processor, or a disk that hangs, is another matter. */
  private static final int LONGEST_STALL_MIB = 8;

  @TempDir private Path directory;

  /** Each capture is larger than what is copied into memory. */
  @ParameterizedTest(name = "{0} ms an upload")
  @ValueSource(ints = {300, 800})
  void uploadsThatHoldTheWalOneAfterTheOtherLetItBeSealed(int millis) throws Exception {
    try (Rig rig = new Rig(directory, WAL_LIMIT, 1024 * MIB).start()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> rig.status().state() == ReplicationState.REPLICATING);
      rig.store.on(Operation.WRITE).delay(Duration.ofMillis(millis));
      long largest = 0;
      long followed = seen(rig);
      for (int i = 0; i < COMMITTED_MIB; i++) {
        rig.commit(105, 10_000);
        largest = Math.max(largest, rig.walBytes());
        Thread.sleep(40);
        if (i % LONGEST_STALL_MIB == 0) {
          long before = followed;
          await().atMost(Duration.ofSeconds(60)).until(() -> seen(rig) != before);
          followed = seen(rig);
        }
      }
      rig.sync();

      rig.stop();

      assertThat(largest).as("bytes of the WAL file").isLessThanOrEqualTo(WAL_LIMIT);
      assertThat(rig.walBytes()).isLessThanOrEqualTo(WAL_LIMIT);
      rig.assertReplicaIsTheDatabase();
    }
  }

  /** Changes with each look that the sidecar takes at what was written meanwhile. */
  private static long seen(Rig rig) {
    ReplicationStatus status = rig.status();
    return Objects.hash(status.walBytes(), status.durable(), status.spoolBytes());
  }
}
