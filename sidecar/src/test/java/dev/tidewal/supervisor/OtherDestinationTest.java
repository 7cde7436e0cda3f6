package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.core.Position;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus.DestinationStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first destination never waits for another one. */
class OtherDestinationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir private Path directory;

  @Test
  void aSecretThatIsNotThereYetHoldsUpNobody() throws Exception {
    Path secret = directory.resolve("secret");
    try (Rig rig = rig("bucket-info: [" + secret + "], path: app").start()) {
      rig.commit(10, 100);
      Position durable = rig.sync();
      await().atMost(PATIENCE).until(() -> second(rig).lastError().isPresent());
      assertThat(rig.status().state()).isEqualTo(ReplicationState.REPLICATING);
      assertThat(second(rig).lastError().orElseThrow()).contains(secret.toString());

      Files.createDirectory(secret);
      Files.writeString(
          secret.resolve("BucketInfo"),
          """
          {"metadata": {"name": "bc-1"}, "spec": {"bucketName": "b", "authenticationType": "KEY",
            "secretS3": {"endpoint": "https://s3.example", "region": "r", "accessKeyID": "a",
              "accessSecretKey": "s"}, "secretAzure": null, "protocols": ["S3"]}}
          """);

      await().atMost(PATIENCE).until(() -> second(rig).durable().txid().equals(durable.txid()));
      assertThat(second(rig).lastError()).isEmpty();
      assertThat(rig.rowsOfOther()).isEqualTo(10);
    }
  }

  @Test
  void aSecretThatCanNotBeReadHoldsUpNobody() throws Exception {
    Path secret = Files.createDirectory(directory.resolve("secret"));
    Files.writeString(secret.resolve("BucketInfo"), "{\"spec\": {}}");
    try (Rig rig = rig("bucket-info: [" + secret + "], path: app").start()) {
      rig.commit(10, 100);
      rig.sync();

      await().atMost(PATIENCE).until(() -> second(rig).lastError().isPresent());
      assertThat(rig.status().state()).isEqualTo(ReplicationState.REPLICATING);
    }
  }

  @Test
  void aStoreThatFailedIsTriedAgain() throws Exception {
    try (Rig rig = rig("type: file, path: " + directory.resolve("other")).start()) {
      rig.commit(10, 100);
      Position first = rig.sync();
      await().atMost(PATIENCE).until(() -> second(rig).durable().txid().equals(first.txid()));
      rig.otherStore.onAnything().unreachable();
      rig.commit(10, 100);
      Position last = rig.sync();
      await().atMost(PATIENCE).until(() -> second(rig).lastError().isPresent());

      rig.otherStore.heal();

      await().atMost(PATIENCE).until(() -> second(rig).durable().txid().equals(last.txid()));
      assertThat(rig.rowsOfOther()).isEqualTo(20);
    }
  }

  @Test
  void aStoreThatHangsFromTheStartHoldsUpNobody() throws Exception {
    try (Rig rig = rig("type: file, path: " + directory.resolve("other"))) {
      rig.otherStore.onAnything().hang();
      rig.start();
      rig.commit(10, 100);
      Position durable = rig.sync();
      assertThat(rig.status().state()).isEqualTo(ReplicationState.REPLICATING);
      assertThat(rig.rowsAt(durable.txid())).isEqualTo(10);

      rig.otherStore.heal();

      await().atMost(PATIENCE).until(() -> second(rig).durable().txid().equals(durable.txid()));
      assertThat(rig.rowsOfOther()).isEqualTo(10);
    }
  }

  @Test
  void whereNothingIsHereItIsWaitedForAsItMayHoldTheDatabase() throws Exception {
    Path secret = directory.resolve("secret");
    try (Rig rig = rig("bucket-info: [" + secret + "], path: app")) {
      rig.closeApplication();
      try (Stream<Path> files = Files.list(rig.directory)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
      rig.restoreIfMissing();
      rig.start();

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(rig.status().message()).contains("destination second may hold it"));
      assertThat(rig.status().state()).isEqualTo(ReplicationState.STARTING);
    }
  }

  @Test
  @Timeout(30)
  void choresOfOthersTakeNoPlaceOfThoseOfTheFirst() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch ran = new CountDownLatch(1);
    try (Chores chores = new Chores()) {
      for (int i = 0; i < 10; i++) {
        Thread _ = chores.others().run(() -> awaits(over));
      }

      Thread _ = chores.run(ran::countDown);

      ran.await();
      over.countDown();
    }
  }

  private static void awaits(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Rig rig(String second) throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    return Rig.withSecond(new Volume(home), directory.resolve("replica"), second);
  }

  private static DestinationStatus second(Rig rig) {
    return rig.status().destinations().stream()
        .filter(destination -> destination.type().equals("second"))
        .findFirst()
        .orElse(new DestinationStatus("second", "", Position.NONE, Optional.empty()));
  }
}
