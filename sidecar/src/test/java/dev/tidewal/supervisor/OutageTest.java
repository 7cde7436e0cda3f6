package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.core.Position;
import dev.tidewal.database.CopyMemory;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import dev.tidewal.testing.FaultyReplicaClient.Rule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that refuses, hangs, lies about answers or cuts bodies never costs a commit, nor more
 * disk than allowed.
 */
class OutageTest {
  private static final long MIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void everyCommitReachesTheReplica() throws Exception {
    try (Rig rig = new Rig(directory, 256 * MIB, 1024 * MIB).start()) {
      awaitReplicating(rig);
      rig.commit(300, 1000);

      rig.sync();

      await().atMost(PATIENCE).until(() -> rig.status().lag().isNone());
      rig.assertReplicaIsTheDatabase();
    }
  }

  /** `replicate --once` must not say that all is durable. */
  @Test
  void aStopBeforeTheStoreAnsweredIsNoCompleteEnd() throws Exception {
    try (Rig rig = new Rig(directory, 256 * MIB, 1024 * MIB)) {
      rig.commit(3, 100);
      rig.store.onAnything().unreachable();
      rig.start();
      await().atMost(PATIENCE).until(() -> rig.status().reason().equals("StoreUnreachable"));

      rig.stop();

      assertThat(rig.status().reason()).isEqualTo("StoppedBehind");
    }
  }

  @Test
  void anErrorOfTheMachineIsNoEnd() throws Exception {
    try (Rig rig = new Rig(directory, 256 * MIB, 1024 * MIB)) {
      rig.store
          .onAnything()
          .times(1)
          .fail(() -> {
            throw new NoClassDefFoundError("injected");
          });
      rig.start();
      awaitReplicating(rig);
      rig.commit(10, 1000);

      rig.sync();

      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void withoutMemoryForCopiesChangesAreStreamedAndNoneIsKept() throws Exception {
    CopyMemory memory = CopyMemory.OF_CAPTURES;
    try (CopyMemory.Room all = memory.take(memory.freeBytes()).orElseThrow();
        Rig rig = new Rig(directory, 256 * MIB, 1024 * MIB).start()) {
      awaitReplicating(rig);
      rig.commit(300, 1000);

      rig.sync();
      all.close();
      rig.commit(300, 1000);
      rig.sync();

      assertThat(memory.freeBytes()).isGreaterThan(0);
      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void aTransactionLargerThanEveryBufferIsStreamed() throws Exception {
    try (Rig rig = new Rig(directory, 256 * MIB, 1024 * MIB).start()) {
      awaitReplicating(rig);
      rig.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<20000)"
              + " INSERT INTO t(body) SELECT randomblob(1000) FROM n");

      rig.sync();

      rig.assertReplicaIsTheDatabase();
    }
  }

  /** The seed of this test: crash rounds in which a VACUUM came before other commits. */
  @Test
  void aSyncWaitsForWhatTheFirstCaptureHadNoRoomFor() throws Exception {
    try (Rig rig = new Rig(directory, 1024 * MIB, 1024 * MIB).start()) {
      awaitReplicating(rig);
      rig.store.onAnything().unreachable();
      rig.commit(1, 1000);
      await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.DEGRADED);
      rig.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<75000)"
              + " INSERT INTO t(body) SELECT randomblob(1000) FROM n");
      rig.commit(5, 1000);
      rig.store.heal();

      Position acknowledged = rig.sync();

      assertThat(rig.rowsAt(acknowledged.txid())).isEqualTo(1 + 75_000 + 5);
    }
  }

  @Test
  void aStoreThatIsAwayIsCaughtUpWithFromWalAndSpool() throws Exception {
    try (Rig rig = new Rig(directory, 2 * MIB, 64 * MIB).start()) {
      awaitReplicating(rig);
      rig.store.onAnything().unreachable();
      for (int i = 0; i < 20; i++) {
        rig.commit(100, 5000);
        Thread.sleep(50);
      }
      await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.DEGRADED);
      await().atMost(PATIENCE).until(() -> rig.status().spoolBytes() > 0);

      rig.store.heal();
      rig.sync();

      await().atMost(PATIENCE).until(() -> rig.status().spoolBytes() == 0);
      awaitReplicating(rig);
      rig.assertReplicaIsTheDatabase();
    }
  }

  /** Else what waited would undo, in the replica, what the snapshot has. */
  @Test
  void aSnapshotThatIsAskedForMeanwhileComesAfterWhatWaits() throws Exception {
    try (Rig rig = new Rig(directory, 2 * MIB, 64 * MIB).start()) {
      awaitReplicating(rig);
      rig.commit(300, 5000);
      rig.sync();
      rig.store.onAnything().unreachable();
      for (int i = 0; i < 5; i++) {
        rig.execute("UPDATE t SET body = randomblob(5000)");
        Thread.sleep(50);
      }
      await().atMost(PATIENCE).until(() -> rig.status().spoolBytes() > 0);
      rig.execute("UPDATE t SET body = randomblob(5000)");

      CompletableFuture<Position> snapshot = rig.snapshot();
      rig.store.heal();

      Position stored = snapshot.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(stored).isEqualTo(rig.sync());
      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void whatFitsNowhereIsDroppedAndSentAsADifference() throws Exception {
    try (Rig rig = new Rig(directory, 2 * MIB, 3 * MIB).start()) {
      awaitReplicating(rig);
      rig.store.onAnything().unreachable();
      for (int i = 0; i < 30; i++) {
        rig.commit(100, 5000);
        Thread.sleep(50);
      }
      assertThat(rig.status().spoolBytes()).isLessThanOrEqualTo(3 * MIB);

      rig.store.heal();
      rig.sync();

      rig.assertReplicaIsTheDatabase();
    }
  }

  /** The second difference must not be one to what was there before the first. */
  @Test
  void aDifferenceWhoseAnswerWasLostIsComparedAnew() throws Exception {
    try (Rig rig = new Rig(directory, 2 * MIB, 3 * MIB).start()) {
      awaitReplicating(rig);
      rig.execute("INSERT INTO t(id, body) VALUES(1000000, zeroblob(20000))");
      rig.sync();
      Rule away = rig.store.onAnything().unreachable();
      for (int i = 0; i < 30; i++) {
        rig.commit(100, 5000);
        Thread.sleep(50);
      }
      rig.execute("UPDATE t SET body = CAST(hex(zeroblob(10000)) AS BLOB) WHERE id = 1000000");
      rig.store.on(Operation.WRITE).times(1).loseAnswer();
      Rule awayAgain = rig.store.on(Operation.WRITE).unreachable();
      away.lift();
      await().atMost(PATIENCE).until(() -> awayAgain.taken() > 0); // the one before was applied
      rig.execute("UPDATE t SET body = zeroblob(20000) WHERE id = 1000000");
      rig.store.heal();

      rig.sync();

      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void aSnapshotThatCouldNotBeStoredIsNotSaidToBe() throws Exception {
    try (Rig rig = new Rig(directory, 256 * MIB, 1024 * MIB).start()) {
      awaitReplicating(rig);
      rig.commit(10, 1000);
      rig.sync();
      rig.store.on(Operation.WRITE).key("9/").times(1).unreachable();

      CompletableFuture<Position> refused = rig.snapshot();

      assertThat(refused).failsWithin(PATIENCE);
      assertThat(rig.snapshot()).succeedsWithin(PATIENCE);
    }
  }

  @Test
  void anUploadWhoseAnswerWasLostIsAdopted() throws Exception {
    try (Rig rig = new Rig(directory, 256 * MIB, 1024 * MIB).start()) {
      awaitReplicating(rig);
      rig.store.on(Operation.WRITE).times(3).loseAnswer();
      for (int i = 0; i < 5; i++) {
        rig.commit(20, 3000);
        Thread.sleep(100);
      }

      rig.sync();

      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void aHangingUploadHoldsNeitherTheWalNorTheShutdown() throws Exception {
    try (Rig rig = new Rig(directory, 2 * MIB, 64 * MIB).start()) {
      awaitReplicating(rig);
      rig.store.on(Operation.WRITE).hang();
      for (int i = 0; i < 20; i++) {
        rig.commit(100, 5000);
        Thread.sleep(100);
      }
      await().atMost(PATIENCE).until(() -> rig.status().spoolBytes() > 0);

      rig.store.heal();
      rig.sync();

      rig.assertReplicaIsTheDatabase();
    }
  }

  /** As on a network volume that is gone: no interrupt gets through. */
  @Test
  void anUploadThatHeedsNoInterruptHoldsTheWalNoLongerThanOthers() throws Exception {
    try (Rig rig = new Rig(directory, 2 * MIB, 64 * MIB).start()) {
      awaitReplicating(rig);
      rig.sync();
      rig.store.on(Operation.WRITE).times(1).hangDeaf();
      rig.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000)"
              + " INSERT INTO t(body) SELECT randomblob(1000) FROM n");
      for (int i = 0; i < 10; i++) {
        rig.commit(50, 5000);
        Thread.sleep(100);
      }
      await().atMost(PATIENCE).until(() -> rig.status().spoolBytes() > 0);

      rig.store.heal();
      rig.sync();

      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void aBodyThatIsCutLeavesNothingBehind() throws Exception {
    try (Rig rig = new Rig(directory, 256 * MIB, 1024 * MIB).start()) {
      awaitReplicating(rig);
      rig.store.on(Operation.WRITE).times(4).cutAfter(1000);
      rig.commit(500, 3000);

      rig.sync();

      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void aRestartWhileTheStoreIsAwayFollowsAndCatchesUp() throws Exception {
    try (Rig rig = new Rig(directory, 2 * MIB, 64 * MIB).start()) {
      awaitReplicating(rig);
      rig.commit(100, 1000);
      rig.sync();
      rig.stop();
      rig.store.onAnything().unreachable();
      rig.start();
      await().atMost(PATIENCE).until(() -> rig.status().reason().equals("StoreUnreachable"));
      rig.commit(1000, 5000);

      rig.store.heal();
      rig.sync();

      rig.assertReplicaIsTheDatabase();
    }
  }

  private static void awaitReplicating(Rig rig) {
    await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.REPLICATING);
  }
}
