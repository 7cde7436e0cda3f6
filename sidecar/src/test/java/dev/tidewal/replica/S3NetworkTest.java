package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import dev.tidewal.testing.FaultyProxy;
import dev.tidewal.testing.FaultyProxy.Way;
import dev.tidewal.testing.S3ProxyServer;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Connections that break off or fall silent between the S3 client and a store. */
final class S3NetworkTest {
  private static final int MIB = 1 << 20;
  private static final LtxName NAME = LtxName.batch(Txid.FIRST);
  private static final RetryPolicy POLICY =
      new RetryPolicy(4, Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofSeconds(20));

  @TempDir static Path directory;
  private static S3ProxyServer server;
  private static int prefixes;

  private FaultyProxy network;
  private ReplicaClients clients;
  private ReplicaClient client;
  private String prefix;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3ProxyServer.start(directory);
    S3Contract.createBucket(server.endpoint());
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void connect() throws IOException {
    network = FaultyProxy.before(server.endpoint());
    clients = new ReplicaClients(ByteSize.ofMebibytes(24), POLICY, RequestObserver.NONE);
    prefix = "network-" + ++prefixes;
    client = clients.open(settings());
  }

  @AfterEach
  void disconnect() throws IOException {
    clients.close();
    network.close();
  }

  @Test
  void aBodyThatBreaksOffIsResumed() throws IOException {
    byte[] bytes = random(2 * MIB);
    write(bytes);
    network.cut(Way.TO_CLIENT, 300_000, 2);

    assertThat(read()).isEqualTo(bytes);
  }

  @Test
  void aRangeThatBreaksOffIsResumedInItself() throws IOException {
    byte[] bytes = random(2 * MIB);
    write(bytes);
    network.cut(Way.TO_CLIENT, 300_000, 2);

    try (InputStream in = client.open(NAME, 100_000, 1_500_000)) {
      assertThat(in.readAllBytes())
          .isEqualTo(java.util.Arrays.copyOfRange(bytes, 100_000, 1_600_000));
    }
  }

  @Test
  void aBodyThatAlwaysBreaksOffWithoutProgressIsAnErrorWithItsPlace() throws IOException {
    write(random(2 * MIB));
    network.cut(Way.TO_CLIENT, 1_500_000, 1); // all of it may be in socket buffers already
    try (InputStream in = client.open(NAME, 0, 0)) {
      in.readNBytes(200_000);
      network.refuse();

      assertThatThrownBy(in::readAllBytes).isInstanceOf(TidewalException.StoreUnreachable.class);
    }
  }

  @Test
  void aBodyWhoseObjectWasReplacedMeanwhileIsCorrupt() throws IOException {
    write(random(2 * MIB));
    network.cut(Way.TO_CLIENT, 300_000, 1);
    try (InputStream in = client.open(NAME, 0, 0)) {
      in.readNBytes(1_000);
      try (ReplicaClient other = clients.open(settings().withEndpoint(direct()))) {
        byte[] replacement = random(MIB);
        other.write(
            NAME,
            ObjectMetadata.UNKNOWN,
            WriteMode.REPLACE,
            replacement.length,
            out -> out.write(replacement));
      }

      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(TidewalException.Corrupt.class)
          .hasMessageContaining("replaced");
    }
  }

  @Test
  void anUploadThatIsCutIsSentAgain() throws IOException {
    byte[] bytes = random(2 * MIB);
    network.cut(Way.TO_SERVER, 700_000, 2);

    write(bytes);

    assertThat(read()).isEqualTo(bytes);
  }

  @Test
  void aPartThatIsCutIsSentAgain() throws IOException {
    byte[] bytes = random(12 * MIB);
    network.cut(Way.TO_SERVER, 3_000_000, 2);

    write(bytes);

    assertThat(read()).isEqualTo(bytes);
  }

  @Test
  void anUploadThatIsAlwaysCutLeavesNothing() throws IOException {
    network.cut(Way.TO_SERVER, 300_000, Integer.MAX_VALUE);

    assertThatThrownBy(() -> write(random(2 * MIB)))
        .isInstanceOf(TidewalException.StoreUnreachable.class)
        .hasMessageContaining("4 attempts");

    network.heal();
    assertThat(client.list(0, Txid.ZERO, false)).isExhausted();
  }

  @Test
  void aStoreThatRefusesConnectionsIsUnreachable() {
    network.refuse();

    assertThatThrownBy(() -> client.list(0, Txid.ZERO, false))
        .isInstanceOf(TidewalException.StoreUnreachable.class)
        .hasMessageContaining("4 attempts");
  }

  @Test
  void silenceEndsInATimeoutAndAnotherAttempt() throws IOException {
    byte[] bytes = random(1_000);
    // On a busy machine more answers than the one are late.
    RetryPolicy manyTimes =
        new RetryPolicy(200, Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMinutes(1));
    try (ReplicaClients many =
        new ReplicaClients(ByteSize.ofMebibytes(24), manyTimes, RequestObserver.NONE)) {
      ReplicaClient impatient =
          many.open(
              settings()
                  .withEndpoint(
                      S3Endpoint.at(network.endpoint())
                          .withTimeouts(Duration.ofMillis(300), Duration.ofMillis(300))));
      network.silence(Way.TO_CLIENT, 0, 1);

      impatient.write(
          NAME, ObjectMetadata.UNKNOWN, WriteMode.REPLACE, 1_000, out -> out.write(bytes));
    }

    assertThat(read()).isEqualTo(bytes);
  }

  @Test
  void aWaitForAnAnswerIsCancelled() throws Exception {
    network.silence(Way.TO_CLIENT, 0, Integer.MAX_VALUE);

    assertCancelledSoon(() -> client.list(0, Txid.ZERO, false));
    assertCancelledSoon(() -> client.stat(NAME));
    assertCancelledSoon(() -> client.delete(List.of(NAME, LtxName.batch(new Txid(2)))));
    assertCancelledSoon(() -> client.readDocument("x.json"));
  }

  @Test
  void anUploadThatNobodyTakesIsCancelled() throws Exception {
    network.silence(Way.TO_SERVER, 1_000, Integer.MAX_VALUE);

    assertCancelledSoon(() -> write(random(4 * MIB)));
  }

  @Test
  void aMultipartUploadIsCancelledAndAborted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread uploader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                client.write(
                    NAME,
                    ObjectMetadata.UNKNOWN,
                    WriteMode.CREATE,
                    100 * MIB,
                    out -> {
                      out.write(random(7 * MIB));
                      begun.countDown();
                      while (true) {
                        out.write(random(1_000));
                      }
                    });
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    begun.await();

    uploader.interrupt();
    uploader.join(Duration.ofSeconds(20));

    assertThat(thrown.get()).isInstanceOf(TidewalException.Cancelled.class);
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> multipartUploads().isEmpty());
  }

  @Test
  void aBodyThatFallsSilentIsCancelled() throws Exception {
    write(random(2 * MIB));
    network.silence(Way.TO_CLIENT, 300_000, Integer.MAX_VALUE);

    assertCancelledSoon(() -> {
      try (InputStream body = client.open(NAME, 0, 0)) {
        body.readAllBytes();
      }
    });
  }

  @Test
  void aRetryThatWaitsIsCancelled() throws Exception {
    network.refuse();
    try (ReplicaClients patient =
        new ReplicaClients(
            ByteSize.ofMebibytes(24),
            new RetryPolicy(10, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofHours(1)),
            RequestObserver.NONE)) {
      ReplicaClient waiting = patient.open(settings());

      assertCancelledSoon(() -> waiting.list(0, Txid.ZERO, false));
    }
  }

  @Test
  void connectionsAreUsedAgain() throws IOException {
    byte[] bytes = random(50_000);
    for (int i = 1; i <= 20; i++) {
      LtxName name = LtxName.batch(new Txid(i));
      client.write(
          name, ObjectMetadata.UNKNOWN, WriteMode.CREATE, bytes.length, out -> out.write(bytes));
      try (InputStream in = client.open(name, 0, 0)) {
        assertThat(in.readAllBytes()).isEqualTo(bytes);
      }
    }

    assertThat(network.connections()).isLessThanOrEqualTo(5);
  }

  /** Waits until the call hangs, interrupts it, and expects it to end long before any timeout. */
  private static void assertCancelledSoon(Call call) throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                call.run();
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    caller.join(Duration.ofMillis(700));
    assertThat(caller.isAlive()).as("the call hangs").isTrue();

    caller.interrupt();

    // A second is promised; the machine of a test may be busy, and timeouts are 30 s.
    assertThat(caller.join(Duration.ofSeconds(20))).as("it ends").isTrue();
    assertThat(thrown.get()).isInstanceOf(TidewalException.Cancelled.class);
  }

  private interface Call {
    void run() throws Exception;
  }

  private List<MultipartUpload> multipartUploads() {
    try (S3Connection connection =
        new S3Connection(S3Connection.Key.of(settings().withEndpoint(direct())))) {
      return connection
          .client()
          .listMultipartUploads(request -> request.bucket(S3Contract.BUCKET))
          .uploads()
          .stream()
          .filter(upload -> upload.key().startsWith(prefix))
          .toList();
    }
  }

  private S3Settings settings() {
    return S3Settings.of(S3Contract.BUCKET, prefix)
        .withEndpoint(S3Endpoint.at(network.endpoint()))
        .withCredentials(
            CredentialsSource.fixed(
                StoreCredentials.of(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)));
  }

  private static S3Endpoint direct() {
    return S3Endpoint.at(server.endpoint());
  }

  private void write(byte[] bytes) {
    client.write(
        NAME, ObjectMetadata.UNKNOWN, WriteMode.REPLACE, bytes.length, out -> out.write(bytes));
  }

  private byte[] read() throws IOException {
    try (InputStream in = client.open(NAME, 0, 0)) {
      return in.readAllBytes();
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
