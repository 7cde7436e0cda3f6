package dev.tidewal.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.replica.CredentialsSource;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.replica.S3Endpoint;
import dev.tidewal.replica.S3Settings;
import dev.tidewal.replica.StoreCredentials;
import dev.tidewal.restore.RestoreTarget.AtTime;
import dev.tidewal.restore.RestoreTarget.AtTxid;
import dev.tidewal.testing.Peers;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** What Litestream wrote under load comes back byte for byte as Litestream restores it. */
@Tag("integration")
class LitestreamRestoreTest {
  private static final long SEED = 20_261_120;
  private static final String LEVELS =
      """
      snapshot:
        interval: 4s
        retention: 1h
      levels:
        - interval: 1s
        - interval: 3s
      """;

  private static final int[] LEVELS_THERE = {0, 1, 2, 9};

  /** Where a busy machine leaves no time for levels. */
  private static final int LONGEST_LOAD_SECONDS = 60;

  @TempDir Path directory;
  private boolean unsoundAllowed;

  @Test
  void fileReplicaWithBlocks() throws Exception {
    fileReplica(Peers.litestream(), true);
  }

  @Test
  void fileReplicaWithFrames() throws Exception {
    // A checkpoint while 0.5.8 is down makes chains that nobody can restore, and a busy machine at
    // times does so too.
    unsoundAllowed = true;
    fileReplica(Peers.litestream058(), false);
  }

  private void fileReplica(Path binary, boolean crash) throws Exception {
    Path database = directory.resolve("app.db");
    Path replica = directory.resolve("replica");
    LitestreamPeer peer =
        new LitestreamPeer(
            binary,
            directory,
            LEVELS
                + """
                dbs:
                  - path: %s
                    monitor-interval: 50ms
                    replica:
                      type: file
                      path: %s
                      sync-interval: 50ms
                """
                    .formatted(database, replica),
            database.toString());
    try (ReplicaClient client = new FileReplicaClient(replica)) {
      load(peer, database, crash, client);
      compare(peer, client);
    }
  }

  @Test
  void s3Replica() throws Exception {
    Path database = directory.resolve("app.db");
    try (StoreServer server = Peers.startS3(directory.resolve("s3"));
        ReplicaClients clients = new ReplicaClients()) {
      createBucket(server);
      LitestreamPeer peer =
          new LitestreamPeer(
              Peers.litestream(),
              directory,
              LEVELS
                  + """
                  dbs:
                    - path: %s
                      monitor-interval: 50ms
                      replica:
                        type: s3
                        bucket: restore
                        path: some/where
                        endpoint: %s
                        region: us-east-1
                        force-path-style: true
                        access-key-id: %s
                        secret-access-key: %s
                        sync-interval: 50ms
                  """
                      .formatted(
                          database,
                          server.endpoint(),
                          StoreServer.ACCESS_KEY,
                          StoreServer.SECRET_KEY),
              database.toString());
      S3Settings settings =
          S3Settings.of("restore", "some/where")
              .withEndpoint(S3Endpoint.at(server.endpoint()))
              .withCredentials(
                  CredentialsSource.fixed(
                      StoreCredentials.of(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)));
      try (ReplicaClient client = clients.open(settings)) {
        load(peer, database, true, client);
        compare(peer, client);
      }
    }
  }

  private static void createBucket(StoreServer server) {
    try (S3Client s3 =
        S3Client.builder()
            .endpointOverride(server.endpoint())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)))
            .build()) {
      s3.createBucket(request -> request.bucket("restore"));
    }
  }

  /**
   * @param crash kills Litestream in between; meanwhile the application writes and checkpoints
   */
  private static void load(LitestreamPeer peer, Path database, boolean crash, ReplicaClient client)
      throws Exception {
    LoadedDatabase application = new LoadedDatabase(database, SEED);
    Process litestream = peer.replicate();
    application.write(Duration.ofSeconds(4));
    if (crash) {
      litestream.destroyForcibly().waitFor();
      application.write(Duration.ofMillis(500));
      application.checkpoint();
      application.write(Duration.ofMillis(500));
      litestream = peer.replicate();
    }
    try {
      application.write(Duration.ofSeconds(5));
      for (int more = 0; more < LONGEST_LOAD_SECONDS && !hasAllLevels(client); more++) {
        application.write(Duration.ofSeconds(1));
      }
    } finally {
      LitestreamPeer.stop(litestream);
    }
  }

  private static boolean hasAllLevels(ReplicaClient client) {
    return IntStream.of(LEVELS_THERE)
        .allMatch(level -> client.list(level, Txid.ZERO, false).hasNext());
  }

  private void compare(LitestreamPeer peer, ReplicaClient client) throws Exception {
    List<ObjectInfo> objects = new ReplicaListing(client).readWithTimes();
    assertThat(objects.stream().mapToInt(object -> object.name().level()).distinct().toArray())
        .contains(LEVELS_THERE);
    Txid newest = objects.stream().map(o -> o.name().max()).max(Txid::compareTo).orElseThrow();
    Instant first =
        objects.stream().map(RestorePlan::timestamp).min(Instant::compareTo).orElseThrow();
    Instant last =
        objects.stream().map(RestorePlan::timestamp).max(Instant::compareTo).orElseThrow();
    Random random = new Random(SEED);

    List<Outcome> outcomes = new ArrayList<>();
    outcomes.add(same(peer, client, RestoreTarget.LATEST));
    for (int i = 0; i < 10; i++) {
      Txid txid = new Txid(1 + random.nextLong(newest.value()));
      outcomes.add(same(peer, client, new AtTxid(txid), "-txid", txid.toString()));
    }
    assertThat(outcomes).doesNotContain(Outcome.NEITHER_CAN);
    for (int i = 0; i < 20; i++) {
      // Between two milliseconds, for Litestream excludes the moment itself.
      Instant time =
          first
              .plusMillis(random.nextLong(Duration.between(first, last).toMillis() + 1))
              .plusNanos(500_000);
      outcomes.add(same(peer, client, new AtTime(time), "-timestamp", time.toString()));
    }
    assertThat(outcomes).filteredOn(Outcome.NEITHER_CAN::equals).hasSizeLessThan(5);
    assertThat(outcomes).contains(Outcome.SAME);
  }

  private enum Outcome {
    SAME,
    NEITHER_CAN,
    THEIRS_IS_UNSOUND
  }

  /** Both restore the same, or neither restores; what we refuse is not sound as they restore it. */
  private Outcome same(
      LitestreamPeer peer, ReplicaClient client, RestoreTarget target, String... options)
      throws IOException, InterruptedException {
    Path theirs = directory.resolve("theirs.db");
    Path ours = directory.resolve("ours.db");
    boolean theyCan = peer.restore(theirs, options);
    String scene = "seed " + SEED + ", " + target;
    boolean weCan;
    try {
      weCan = restore(client, target, ours);
    } catch (TidewalException.Corrupt refused) {
      scene += ": " + refused.getMessage();
      assertThat(unsoundAllowed).as(scene).isTrue();
      assertThat(theyCan && isSound(theirs)).as(scene).isFalse();
      Files.deleteIfExists(theirs);
      return Outcome.THEIRS_IS_UNSOUND;
    }
    assertThat(weCan).as(scene).isEqualTo(theyCan);
    if (!weCan) {
      return Outcome.NEITHER_CAN;
    }
    requireSame(scene, theirs, ours);
    Files.delete(theirs);
    Files.delete(ours);
    return Outcome.SAME;
  }

  private static boolean isSound(Path database) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("PRAGMA integrity_check")) {
      return row.getString(1).equals("ok");
    } catch (SQLException unreadable) {
      return false;
    }
  }

  /**
   * Byte for byte, but for free pages: 0.5.8 does not store those that a database gets back after
   * it shrank, and puts there whatever it finds of them.
   */
  private static void requireSame(String scene, Path theirs, Path ours) throws IOException {
    if (Files.mismatch(theirs, ours) < 0) {
      return;
    }
    assertThat(ours).as(scene).hasSize(Files.size(theirs));
    int pageSize = 4096;
    byte[] expected = Files.readAllBytes(theirs);
    try (FileChannel channel = FileChannel.open(ours)) {
      PageSet free = FreeLeaves.read(channel, pageSize, expected.length / pageSize);
      free.forEach(pgno -> {
        ByteBuffer page = ByteBuffer.allocate(pageSize);
        channel.read(page, (pgno - 1) * pageSize);
        if (Arrays.equals(page.array(), new byte[pageSize])) {
          System.arraycopy(page.array(), 0, expected, (int) (pgno - 1) * pageSize, pageSize);
        }
      });
    }
    assertThat(ours).as(scene).hasBinaryContent(expected);
  }

  private boolean restore(ReplicaClient client, RestoreTarget target, Path output)
      throws IOException {
    RestoreOptions options = RestoreOptions.DEFAULT.withIntegrityCheck(IntegrityCheck.QUICK);
    try {
      RestoreReport report =
          new Restorer(client, options, RestoreListener.NONE).restore(target, output);
      assertThat(unsoundAllowed || report.replans().isEmpty()).isTrue();
      return true;
    } catch (TidewalException.NothingToRestore older) {
      return false;
    }
  }
}
