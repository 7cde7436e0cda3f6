package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.AccessKey;
import dev.tidewal.core.Secret;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the S3 client says on the wire. */
final class S3WireTest {
  private static final LtxName NAME = LtxName.batch(Txid.FIRST);
  private static final byte[] BYTES = {1, 2, 3};

  private ScriptedS3 store;
  private ReplicaClients clients;

  @BeforeEach
  void start() throws IOException {
    store = ScriptedS3.start();
    clients = store.clients();
  }

  @AfterEach
  void stop() {
    clients.close();
    store.close();
  }

  @Test
  void aCreateIsConditionalAndAReplaceIsNot() {
    assertThat(write(store.settings(), WriteMode.CREATE).header("If-None-Match")).isEqualTo("*");
    assertThat(write(store.settings(), WriteMode.REPLACE).headers().containsKey("If-None-Match"))
        .isFalse();
  }

  @Test
  void theKeyIsLitestreams() {
    assertThat(write(store.settings(), WriteMode.CREATE).uri().getPath())
        .isEqualTo("/bucket/db/0000/0000000000000001-0000000000000001.ltx");
  }

  @Test
  void metadataHasLitestreamsTimestampAndOurNames() {
    store.answer(200);
    ObjectMetadata metadata =
        new ObjectMetadata(
            Optional.of(Instant.parse("2026-11-20T10:00:00.120Z")),
            Optional.of("o"),
            Optional.of("c"),
            OptionalLong.of(0x8000_0000_0000_00ffL),
            OptionalLong.of(0xabc));
    clients.open(store.settings()).write(NAME, metadata, WriteMode.CREATE, 3, out -> out.write(1));

    ScriptedS3.Asked put = store.asked().getFirst();
    assertThat(put.header("x-amz-meta-litestream-timestamp")).isEqualTo("2026-11-20T10:00:00.120Z");
    assertThat(put.header("x-amz-meta-tidewal-owner")).isEqualTo("o");
    assertThat(put.header("x-amz-meta-tidewal-cluster")).isEqualTo("c");
    assertThat(put.header("x-amz-meta-tidewal-checksum")).isEqualTo("80000000000000ff");
    assertThat(put.header("x-amz-meta-tidewal-frame-checksum")).isEqualTo("0000000000000abc");
  }

  @Test
  void metadataIsReadInAnyCaseAndAsLitestreamWritesIt() {
    store.answer(
        200,
        Map.of(
            "X-Amz-Meta-Litestream-Timestamp",
            "2026-11-20T11:00:00.123456789+01:00",
            "X-AMZ-META-TIDEWAL-OWNER",
            "o",
            "Last-Modified",
            "Fri, 20 Nov 2026 10:00:00 GMT",
            "Content-Length",
            "3"),
        "");

    ObjectMetadata metadata = clients.open(store.settings()).stat(NAME).metadata();

    assertThat(metadata.timestamp()).hasValue(Instant.parse("2026-11-20T10:00:00.123456789Z"));
    assertThat(metadata.owner()).hasValue("o");
    assertThat(metadata.cluster()).isEmpty();
  }

  @Test
  void theBytesAreSignedAndSentPlain() throws Exception {
    ScriptedS3.Asked put = write(store.settings(), WriteMode.CREATE);

    assertThat(put.header("x-amz-content-sha256"))
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BYTES)));
    assertThat(put.body()).isEqualTo(ByteBuffer.wrap(BYTES));
    assertThat(put.header("Content-Length")).isEqualTo("3");
    assertThat(put.headers().keySet())
        .noneMatch(name -> name.equalsIgnoreCase("Expect"))
        .noneMatch(name -> name.equalsIgnoreCase("Transfer-Encoding"))
        .noneMatch(name -> name.equalsIgnoreCase("Content-Encoding"))
        .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("x-amz-checksum"))
        .noneMatch(name -> name.equalsIgnoreCase("x-amz-sdk-checksum-algorithm"))
        .noneMatch(name -> name.equalsIgnoreCase("x-amz-trailer"));
  }

  @Test
  void aReadAsksForNoChecksum() throws IOException {
    store.answer(200, Map.of(), "abc");
    clients.open(store.settings()).open(NAME, 0, 0).close();

    assertThat(store.asked().getFirst().headers().keySet())
        .noneMatch(name -> name.equalsIgnoreCase("x-amz-checksum-mode"));
  }

  @Test
  void aBatchOfDeletesCarriesItsMd5WhereAsked() {
    assertThat(deletes(store.settings()).headers().containsKey("Content-MD5")).isTrue();
    assertThat(
            deletes(store.settings().withStorage(S3Storage.DEFAULT.withContentMd5(false)))
                .headers()
                .containsKey("Content-MD5"))
        .isFalse();
  }

  @Test
  void aSessionTokenIsSent() {
    StoreCredentials temporary =
        new StoreCredentials(
            new AccessKey("id", new Secret("secret")), Optional.of(new Secret("token")));

    assertThat(
            write(
                    store.settings().withCredentials(CredentialsSource.fixed(temporary)),
                    WriteMode.CREATE)
                .header("x-amz-security-token"))
        .isEqualTo("token");
  }

  @Test
  void encryptionAndStorageClassAreSent() {
    S3Storage storage =
        S3Storage.DEFAULT
            .withStorageClass("STANDARD_IA")
            .withEncryption(new S3Storage.Encryption.Kms(Optional.of("key-1")));

    ScriptedS3.Asked put = write(store.settings().withStorage(storage), WriteMode.CREATE);

    assertThat(put.header("x-amz-storage-class")).isEqualTo("STANDARD_IA");
    assertThat(put.header("x-amz-server-side-encryption")).isEqualTo("aws:kms");
    assertThat(put.header("x-amz-server-side-encryption-aws-kms-key-id")).isEqualTo("key-1");
    assertThat(put.header("Authorization")).contains("x-amz-server-side-encryption");
  }

  @Test
  void aCustomersKeyGoesWithWritesAndReads() throws Exception {
    byte[] key = new byte[32];
    String text = Base64.getEncoder().encodeToString(key);
    S3Settings settings =
        store
            .settings()
            .withStorage(
                S3Storage.DEFAULT.withEncryption(
                    new S3Storage.Encryption.CustomerKey(new Secret(text))));
    String md5 = Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(key));

    ScriptedS3.Asked put = write(settings, WriteMode.CREATE);
    store.answer(200, Map.of(), "abc");
    clients.open(settings).open(NAME, 0, 0).close();

    for (ScriptedS3.Asked asked : List.of(put, store.asked().getLast())) {
      assertThat(asked.header("x-amz-server-side-encryption-customer-algorithm"))
          .isEqualTo("AES256");
      assertThat(asked.header("x-amz-server-side-encryption-customer-key")).isEqualTo(text);
      assertThat(asked.header("x-amz-server-side-encryption-customer-key-md5")).isEqualTo(md5);
    }
  }

  @Test
  void theStoresClockRunsOnFromItsDate() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerOnce(listener));
      ReplicaClient client =
          clients.open(
              store
                  .settings()
                  .withEndpoint(
                      S3Endpoint.at(URI.create("http://127.0.0.1:" + listener.getLocalPort()))));

      ObjectInfo written =
          client.write(NAME, ObjectMetadata.UNKNOWN, WriteMode.CREATE, 3, out -> out.write(1));

      Instant date = Instant.parse("2000-01-01T00:00:00Z");
      assertThat(client.storeTime()).isBetween(date, date.plus(Duration.ofMinutes(5)));
      assertThat(written.modified()).isBetween(date, date.plus(Duration.ofMinutes(5)));
    }
  }

  /** The JDK's server insists on its own Date. */
  private static void answerOnce(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      InputStream in = socket.getInputStream();
      byte[] request = new byte[8 * 1024];
      int got = 0;
      while (!new String(request, 0, got, StandardCharsets.ISO_8859_1).contains("\r\n\r\n")) {
        got += in.read(request, got, request.length - got);
      }
      socket
          .getOutputStream()
          .write(
              """
              HTTP/1.1 200 OK
              Date: Sat, 01 Jan 2000 00:00:00 GMT
              Content-Length: 0
              Connection: close

              """
                  .replace("\n", "\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyAttemptIsObserved() {
    java.util.List<String> observed = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (ReplicaClients watched =
        new ReplicaClients(
            ReplicaClients.DEFAULT_BUFFERS,
            ScriptedS3.POLICY,
            (operation, code, duration, bytes) ->
                observed.add(operation + " " + code + " " + bytes))) {
      store.error(503, "SlowDown").answer(200).answer(404);
      ReplicaClient client = watched.open(store.settings());

      client.write(NAME, ObjectMetadata.UNKNOWN, WriteMode.CREATE, 3, out -> out.write(BYTES));
      assertThat(client.readDocument("x.json")).isEmpty();
    }

    assertThat(observed).containsExactly("PutObject 503 3", "PutObject 200 3", "GetObject 404 0");
  }

  private ScriptedS3.Asked write(S3Settings settings, WriteMode mode) {
    store.answer(200);
    clients.open(settings).write(NAME, ObjectMetadata.UNKNOWN, mode, 3, out -> out.write(BYTES));
    return store.asked().getLast();
  }

  private ScriptedS3.Asked deletes(S3Settings settings) {
    store.answer(200, Map.of(), "<DeleteResult></DeleteResult>");
    clients.open(settings).delete(List.of(NAME, LtxName.batch(new Txid(2))));
    return store.asked().getLast();
  }
}
