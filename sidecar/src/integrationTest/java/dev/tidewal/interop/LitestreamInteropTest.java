package dev.tidewal.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.ConfigurationReader;
import dev.tidewal.config.Store;
import dev.tidewal.config.StoreLookup;
import dev.tidewal.config.StoreState;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.replica.ReplicaSettings;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Litestream 0.5.18 and Tidewal on one chain, on files and on a real S3 server. */
@Tag("integration")
class LitestreamInteropTest {
  private static final Duration LOAD = Duration.ofSeconds(4);

  private final Path directory;
  private final Path database;
  private final Path config;
  private final SplittableRandom random = new SplittableRandom(18);
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
    writeWithTidewal(1);

    assertBothRestoreTheSame();
  }

  @Test
  void litestreamRestoresWhatTidewalWroteToS3() throws Exception {
    try (StoreServer server = Peers.startS3(directory.resolve("s3"))) {
      onS3(server);
      writeWithTidewal(2);

      assertBothRestoreTheSame();
    }
  }

  @Test
  void tidewalRestoresWhatLitestreamWroteToFiles() throws Exception {
    onFiles();
    writeWithLitestream(3);

    assertBothRestoreTheSame();
  }

  @Test
  void tidewalRestoresWhatLitestreamWroteToS3() throws Exception {
    try (StoreServer server = Peers.startS3(directory.resolve("s3"))) {
      onS3(server);
      writeWithLitestream(4);

      assertBothRestoreTheSame();
    }
  }

  @Test
  void eachContinuesTheChainThatTheOtherBeganTwiceInTurn() throws Exception {
    onFiles();
    for (int turn = 0; turn < 2; turn++) {
      writeWithLitestream(10 + turn);
      writeWithTidewal(20 + turn);
    }

    assertBothRestoreTheSame();
  }

  @Test
  void eachContinuesOnS3() throws Exception {
    try (StoreServer server = Peers.startS3(directory.resolve("s3"))) {
      onS3(server);
      for (int turn = 0; turn < 2; turn++) {
        writeWithTidewal(30 + turn);
        writeWithLitestream(40 + turn);
      }

      assertBothRestoreTheSame();
    }
  }

  private void writeWithTidewal(long seed) throws Exception {
    try (Workload application = new Workload(database, seed);
        TidewalProcess tidewal = TidewalProcess.replicate(config).awaitReplicating()) {
      application.write(LOAD);
      tidewal.sync(database);
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
   * The latest state is the application's own bytes; 20 random TXIDs give the same bytes in both.
   */
  private void assertBothRestoreTheSame() throws Exception {
    try (Workload application = new Workload(database, 0)) {
      application.checkpoint();
    }
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = clients.open(settings())) {
      Path ours = restore(client, RestoreTarget.LATEST, "ours.db");
      assertThat(Files.mismatch(ours, database)).as("Tidewal, latest").isEqualTo(-1);
      Path theirs = restoreWithLitestream("theirs.db");
      assertThat(Files.mismatch(theirs, database)).as("Litestream, latest").isEqualTo(-1);
      List<Txid> txids = batches(client);
      for (int i = 0; i < 20; i++) {
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

  private ReplicaSettings settings() throws IOException {
    Configuration read = new ConfigurationReader(Map.of(), true).read(config).configuration();
    Store store = read.databases().getFirst().destinations().getFirst().store();
    return switch (StoreLookup.look(store)) {
      case StoreState.Ready(ReplicaSettings settings) -> settings;
      case StoreState.NotReady(String why) -> throw new AssertionError(why);
    };
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
