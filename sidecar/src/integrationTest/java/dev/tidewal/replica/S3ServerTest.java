package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import dev.tidewal.testing.Peers;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the contract doesn't say, on a real S3 server. */
@Tag("integration")
final class S3ServerTest {
  private static final int MIB = 1 << 20;
  private static final ObjectMetadata METADATA =
      new ObjectMetadata(
          Optional.of(Instant.parse("2026-11-20T10:00:00Z")),
          Optional.of("owner"),
          Optional.empty(),
          OptionalLong.of(7),
          OptionalLong.empty());

  @TempDir static Path directory;
  private static StoreServer server;

  @BeforeAll
  static void startServer() throws IOException {
    server = Peers.startS3(directory);
    S3Contract.createBucket(server.endpoint());
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aCopyLargerThanOneRequestIsMadeOfParts() throws IOException {
    S3Settings settings = settings("parts");
    byte[] bytes = new byte[13 * MIB];
    new Random(13).nextBytes(bytes);
    List<String> requests = new ArrayList<>();
    try (S3Connection connection = new S3Connection(S3Connection.Key.of(settings));
        ReplicaClient client =
            new S3ReplicaClient(
                settings,
                connection,
                new PartBuffers(ByteSize.ofMebibytes(32)),
                S3Contract.POLICY,
                (operation, code, duration, sent) -> {
                  synchronized (requests) {
                    requests.add(operation);
                  }
                },
                5L * MIB,
                () -> {})) {
      LtxName from = LtxName.batch(Txid.FIRST);
      LtxName to = LtxName.snapshot(Txid.FIRST);
      client.write(from, METADATA, WriteMode.CREATE, bytes.length, out -> out.write(bytes));

      client.copy(from, to);

      try (InputStream in = client.open(to, 0, 0)) {
        assertThat(in.readAllBytes()).isEqualTo(bytes);
      }
      assertThat(client.stat(to).metadata()).isEqualTo(METADATA);
      assertThat(requests).filteredOn("UploadPartCopy"::equals).hasSize(3);
    }
  }

  @Test
  void aFailedLargeUploadLeavesNoParts() throws IOException {
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = clients.open(settings("aborted"))) {
      Assertions.assertThatThrownBy(() ->
              client.write(
                  LtxName.batch(Txid.FIRST),
                  METADATA,
                  WriteMode.CREATE,
                  100 * MIB,
                  out -> {
                    out.write(new byte[12 * MIB]);
                    throw new IOException("the source is gone");
                  }))
          .hasMessageContaining("the source is gone");

      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreException(UncheckedIOException.class) // what is walked over goes away meanwhile
          .untilAsserted(() -> {
            try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
              assertThat(files.filter(file -> file.toString().contains("aborted"))).isEmpty();
            }
          });
    }
  }

  @Test
  void deleteAllAbortsUploadsThatACrashLeft() {
    S3Settings settings = settings("crashed");
    String key = "crashed/0009/" + LtxName.snapshot(Txid.FIRST).fileName();
    try (S3Connection connection = new S3Connection(S3Connection.Key.of(settings));
        ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = clients.open(settings)) {
      connection
          .client()
          .createMultipartUpload(request -> request.bucket(S3Contract.BUCKET).key(key));
      connection
          .client()
          .createMultipartUpload(
              request -> request.bucket(S3Contract.BUCKET).key("crashed/stranger"));

      client.deleteAll();

      assertThat(
              connection
                  .client()
                  .listMultipartUploads(
                      request -> request.bucket(S3Contract.BUCKET).prefix("crashed/"))
                  .uploads())
          .extracting(upload -> upload.key())
          .containsExactly("crashed/stranger");
    }
  }

  @Test
  void wrongKeysArePermissionDenied() {
    try (ReplicaClients clients = new ReplicaClients()) {
      S3Settings right = settings("denied");
      for (StoreCredentials wrong :
          List.of(
              StoreCredentials.of("tidewal", "wrong"), StoreCredentials.of("nobody", "wrong"))) {
        ReplicaClient client = clients.open(right.withCredentials(CredentialsSource.fixed(wrong)));

        Assertions.assertThatThrownBy(() -> client.list(0, Txid.ZERO, false))
            .isInstanceOf(TidewalException.PermissionDenied.class)
            .hasMessageContaining("check access key and secret");
      }
    }
  }

  @Test
  void aMissingBucketIsNamed() {
    try (ReplicaClients clients = new ReplicaClients()) {
      S3Settings there = settings("db");
      ReplicaClient client =
          clients.open(
              S3Settings.of("no-such-bucket", "db")
                  .withEndpoint(there.endpoint())
                  .withCredentials(there.credentials()));

      Assertions.assertThatThrownBy(() -> client.list(0, Txid.ZERO, false))
          .isInstanceOf(TidewalException.StoreUnreachable.class)
          .hasMessageContaining("NoSuchBucket")
          .hasMessageContaining("create the bucket");
    }
  }

  /** This server stores {@code /0000/x} as {@code 0000/x} and lists it only there. */
  @Test
  void aReplicaWithoutPathIsNotTakenForEmptyWhereTheSlashIsLost() {
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = clients.open(settings(""))) {
      client.write(LtxName.batch(Txid.FIRST), METADATA, WriteMode.CREATE, 1, out -> out.write(1));

      Assertions.assertThatThrownBy(() -> client.list(0, Txid.ZERO, false))
          .isInstanceOf(TidewalException.Refused.class)
          .hasMessageContaining("give the replica a path");
      assertThat(
              StoreProbe.run(settings(""), clients)
                  .outcome(ProbeReport.Capability.LIST_AFTER_WRITE))
          .isEqualTo(ProbeReport.Outcome.NO);
    }
  }

  @Test
  void aLargeObjectStreamsThroughASmallHeap() throws Exception {
    Process streaming =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx48m",
                "-cp",
                System.getProperty("java.class.path"),
                StreamingProcess.class.getName(),
                server.endpoint().toString(),
                "300")
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(streaming.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(streaming.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(said).contains("streamed 300 MiB both ways");
    } finally {
      streaming.destroyForcibly();
    }
  }

  private static S3Settings settings(String prefix) {
    return S3Settings.of(S3Contract.BUCKET, prefix)
        .withEndpoint(S3Endpoint.at(server.endpoint()))
        .withCredentials(
            CredentialsSource.fixed(
                StoreCredentials.of(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)));
  }
}
