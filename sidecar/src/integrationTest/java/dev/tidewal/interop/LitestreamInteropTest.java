package dev.tidewal.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import dev.tidewal.testing.Peers;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Litestream 0.5.18 and Tidewal on one chain, on files and on a real S3 server. */
@Tag("integration")
class LitestreamInteropTest {
  private static final Duration LOAD = Duration.ofSeconds(4);
  private static final int REMEMBERED = 40;

  private final Path directory;
  private final Path database;
  private final Path config;
  private final SplittableRandom random = new SplittableRandom(18);
  private final List<Moment> moments = new ArrayList<>();
  private Path litestream = Path.of("");

  LitestreamInteropTest(@TempDir Path directory) {
    this.directory = directory;
    database = directory.resolve("app.db");
    config = directory.resolve("litestream.yml");
  }

  @BeforeEach
  void findPeer() {
    litestream = Peers.litestream();
  }

  @Test
  void litestreamRestoresWhatTidewalWroteToFiles() throws Exception {
    onFiles();
    writeWithTidewalAndRemember(1);

    assertBothRestoreEachMoment();
    assertBothRestoreTheSame(5);
  }

  @Test
  void litestreamRestoresWhatTidewalWroteToS3() throws Exception {
    try (StoreServer server = Peers.startS3(directory.resolve("s3"))) {
      onS3(server);
      writeWithTidewalAndRemember(2);

      assertBothRestoreEachMoment();
      assertBothRestoreTheSame(5);
    }
  }

  @Test
  void tidewalRestoresWhatLitestreamWroteToFiles() throws Exception {
    onFiles();
    writeWithLitestream(3);

    assertBothRestoreTheSame(20);
  }

  @Test
  void tidewalRestoresWhatLitestreamWroteToS3() throws Exception {
    try (StoreServer server = Peers.startS3(directory.resolve("s3"))) {
      onS3(server);
      writeWithLitestream(4);

      assertBothRestoreTheSame(20);
    }
  }

  @Test
  void eachContinuesTheChainThatTheOtherBeganTwiceInTurn() throws Exception {
    onFiles();
    for (int turn = 0; turn < 2; turn++) {
      writeWithLitestream(10 + turn);
      writeWithTidewal(20 + turn);
    }

    assertBothRestoreTheSame(20);
  }

  @Test
  void eachContinuesOnS3() throws Exception {
    try (StoreServer server = Peers.startS3(directory.resolve("s3"))) {
      onS3(server);
      for (int turn = 0; turn < 2; turn++) {
        writeWithTidewal(30 + turn);
        writeWithLitestream(40 + turn);
      }

      assertBothRestoreTheSame(20);
    }
  }

  private void writeWithTidewal(long seed) throws Exception {
    try (Workload application = new Workload(database, seed);
        TidewalProcess tidewal = TidewalProcess.replicate(config).awaitReplicating()) {
      application.write(LOAD);
      tidewal.sync(database);
    }
  }

  private void writeWithTidewalAndRemember(long seed) throws Exception {
    try (Workload application = new Workload(database, seed);
        TidewalProcess tidewal = TidewalProcess.replicate(config).awaitReplicating()) {
      for (int i = 0; i < REMEMBERED; i++) {
        application.write(LOAD.dividedBy(REMEMBERED));
        tidewal.sync(database);
        moments.add(Moment.now(application.content()));
      }
    }
  }

  private void writeWithLitestream(long seed) throws Exception {
    try (Workload application = new Workload(database, seed);
        LitestreamProcess _ = LitestreamProcess.replicate(litestream, config)) {
      application.write(LOAD);
      Thread.sleep(2500); // two of its intervals
    }
  }

  /**
   * What was committed at a moment, all of it durable by then.
   *
   * @param time between two milliseconds, for Litestream excludes the moment itself, and more than
   *     one from each commit
   */
  private record Moment(Instant time, byte[] content) {
    static Moment now(byte[] content) throws InterruptedException {
      Instant time = Instant.now().truncatedTo(ChronoUnit.MILLIS).plusNanos(2_500_000);
      Thread.sleep(6);
      return new Moment(time, content);
    }
  }

  /** 20 random ones of them. */
  private void assertBothRestoreEachMoment() throws Exception {
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = clients.open(TidewalProcess.replica(config))) {
      for (int i = 0; i < 20; i++) {
        Moment moment = moments.remove(random.nextInt(moments.size()));
        Path a = restore(client, new RestoreTarget.AtTime(moment.time()), "a.db");
        Path b = restoreWithLitestream("b.db", "-timestamp", moment.time().toString());
        assertThat(a).as("Tidewal, %s", moment.time()).hasBinaryContent(moment.content());
        assertThat(b).as("Litestream, %s", moment.time()).hasBinaryContent(moment.content());
        Files.delete(a);
        Files.delete(b);
      }
    }
  }

  /** The latest state is the application's own bytes; random TXIDs give the same bytes in both. */
  private void assertBothRestoreTheSame(int count) throws Exception {
    try (Workload application = new Workload(database, 0)) {
      application.checkpoint();
    }
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = clients.open(TidewalProcess.replica(config))) {
      Path ours = restore(client, RestoreTarget.LATEST, "ours.db");
      assertThat(Files.mismatch(ours, database)).as("Tidewal, latest").isEqualTo(-1);
      Path theirs = restoreWithLitestream("theirs.db");
      assertThat(Files.mismatch(theirs, database)).as("Litestream, latest").isEqualTo(-1);
      List<Txid> txids = batches(client);
      for (int i = 0; i < count; i++) {
        Txid txid = txids.get(random.nextInt(txids.size()));
        Path a = restore(client, new RestoreTarget.AtTxid(txid), "a" + i + ".db");
        Path b = restoreWithLitestream("b" + i + ".db", "-txid", txid.toString());
        assertThat(Files.mismatch(a, b)).as("TXID " + txid).isEqualTo(-1);
        Files.delete(a);
        Files.delete(b);
      }
    }
  }

  private Path restore(ReplicaClient client, RestoreTarget target, String name) throws IOException {
    Path output = directory.resolve(name);
    new Restorer(client, RestoreOptions.DEFAULT, RestoreListener.NONE).restore(target, output);
    return output;
  }

  private Path restoreWithLitestream(String name, String... options)
      throws IOException, InterruptedException {
    Path output = directory.resolve(name);
    LitestreamProcess.restore(litestream, config, database, output, options);
    return output;
  }

  private static List<Txid> batches(ReplicaClient client) {
    List<Txid> txids = new ArrayList<>();
    client
        .list(0, Txid.ZERO, false)
        .forEachRemaining((ObjectInfo info) -> txids.add(info.name().max()));
    assertThat(txids).as("batches in %s", LtxName.batch(Txid.FIRST)).isNotEmpty();
    return txids;
  }

  private void onFiles() throws IOException {
    Path replica = directory.resolve("replica");
    Files.writeString(
        config,
        "dbs:\n  - path: "
            + database
            + "\n    replica:\n      type: file\n      path: "
            + replica
            + "\n");
  }

  private void onS3(StoreServer server) throws IOException {
    String bucket = "interop";
    Files.createDirectories(server.directory().resolve("data").resolve(bucket));
    Files.writeString(
        config,
        String.join(
            "\n",
            "dbs:",
            "  - path: " + database,
            "    replica:",
            "      type: s3",
            "      bucket: " + bucket,
            "      path: app",
            "      endpoint: " + server.endpoint(),
            "      region: " + StoreServer.REGION,
            "      force-path-style: true",
            "      access-key-id: " + StoreServer.ACCESS_KEY,
            "      secret-access-key: " + StoreServer.SECRET_KEY,
            ""));
  }
}
