package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the S3 client makes of the answers that stores give. */
final class S3ErrorsTest {
  private static final LtxName NAME = LtxName.batch(Txid.FIRST);
  private static final String KEY = "s3://bucket/db/0000/" + NAME.fileName();

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

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void aPassingErrorIsTriedAgain(int status) {
    store.error(status, "Whatever").error(status, "Whatever").answer(200);

    create();

    assertThat(store.asked()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "400, RequestTimeout",
    "400, RequestCanceled",
    "503, SlowDown",
    "409, ConditionalRequestConflict"
  })
  void aPassingErrorIsKnownByItsCodeToo(int status, String code) {
    store.error(status, code).answer(200);

    create();

    assertThat(store.asked()).hasSize(2);
  }

  @Test
  void aStormThatDoesNotEndIsReportedWithOperationKeyAndAttempts() {
    for (int i = 0; i < 10; i++) {
      store.error(503, "SlowDown");
    }

    assertThatThrownBy(this::create)
        .isInstanceOf(TidewalException.StoreUnreachable.class)
        .hasMessage("PutObject " + KEY + ": 503 SlowDown: said the store (4 attempts)");
    assertThat(store.asked()).hasSize(4);
  }

  @Test
  void aLostConnectionIsTriedAgain() {
    store.hangUp().answer(404).answer(200);

    create();

    assertThat(store.asked())
        .extracting(ScriptedS3.Asked::method)
        .containsExactly("PUT", "HEAD", "PUT");
  }

  @Test
  void aCreateWhoseAnswerWasLostMeetsItselfAsPreconditionFailed() {
    store.hangUp().present();

    assertThatThrownBy(this::create)
        .isInstanceOf(TidewalException.PreconditionFailed.class)
        .hasMessageContaining(KEY);
  }

  @Test
  void aCreateThatMeetsItselfInTheNextAttemptIsPreconditionFailed() {
    store.error(500, "InternalError").error(412, "PreconditionFailed");

    assertThatThrownBy(this::create)
        .isInstanceOf(TidewalException.PreconditionFailed.class)
        .hasMessageContaining(KEY)
        .hasMessageContaining("2 attempts");
  }

  @Test
  void aRefusalWhoseAnswerWasLostIsFoundByLooking() {
    store.hangUp().answer(403);

    assertThatThrownBy(this::create).isInstanceOf(TidewalException.PermissionDenied.class);
  }

  @Test
  void notFoundIsDefinite() {
    store.answer(404).error(404, "NoSuchKey");
    ReplicaClient client = clients.open(store.settings());

    assertThatThrownBy(() -> client.stat(NAME)).isInstanceOf(TidewalException.NotFound.class);
    assertThatThrownBy(() -> client.open(NAME, 0, 0))
        .isInstanceOf(TidewalException.NotFound.class)
        .hasMessage("GetObject " + KEY + ": 404 NoSuchKey: said the store (1 attempt)");
    assertThat(store.asked()).hasSize(2);
  }

  @Test
  void aMissingBucketIsNotAnEmptyReplica() {
    store.error(404, "NoSuchBucket").error(404, "NoSuchBucket");
    ReplicaClient client = clients.open(store.settings());

    assertThatThrownBy(() -> client.list(0, Txid.ZERO, false))
        .isInstanceOf(TidewalException.StoreUnreachable.class)
        .hasMessageContaining("create the bucket, or correct its name");
    assertThatThrownBy(() -> client.readDocument("replica.json"))
        .isInstanceOf(TidewalException.StoreUnreachable.class);
  }

  @Test
  void aListingThatIsNotFoundIsNotAnEmptyReplicaEither() {
    store.error(404, "NoSuchKey");
    ReplicaClient client = clients.open(store.settings());

    assertThatThrownBy(() -> client.list(0, Txid.ZERO, false))
        .isInstanceOf(TidewalException.StoreUnreachable.class)
        .hasMessageContaining("bucket");
  }

  @ParameterizedTest
  @CsvSource({
    "403, AccessDenied, the credentials lack the right",
    "403, SignatureDoesNotMatch, check access key and secret",
    "403, InvalidAccessKeyId, check access key and secret",
    "400, ExpiredToken, renew the credentials",
    "401, Unauthorized, the credentials lack the right"
  })
  void aRefusalIsPermissionDeniedAtOnceWithACure(int status, String code, String cure) {
    store.error(status, code);
    ReplicaClient client = clients.open(store.settings());

    assertThatThrownBy(() -> client.list(0, Txid.ZERO, false))
        .isInstanceOf(TidewalException.PermissionDenied.class)
        .hasMessageContaining(cure);
    assertThat(store.asked()).hasSize(1);
  }

  @Test
  void aClockThatIsWrongIsNamed() {
    for (int i = 0; i < 4; i++) {
      store.error(403, "RequestTimeTooSkewed");
    }

    assertThatThrownBy(this::create)
        .isInstanceOf(TidewalException.PermissionDenied.class)
        .hasMessageContaining("clock");
  }

  @Test
  void changedCredentialsAreTriedOnceAfterARefusal() {
    store.error(403, "AccessDenied").answer(200);
    Rotating source = new Rotating("old", "new");

    clients
        .open(store.settings().withCredentials(source))
        .writeDocument("a.json", new byte[1], WriteMode.REPLACE);

    assertThat(store.asked().get(0).header("Authorization")).contains("Credential=old/");
    assertThat(store.asked().get(1).header("Authorization")).contains("Credential=new/");
  }

  @Test
  void changedCredentialsThatAreRefusedAsWellAreTheEnd() {
    store.error(403, "AccessDenied").error(403, "AccessDenied");

    assertThatThrownBy(() ->
            clients
                .open(store.settings().withCredentials(new Rotating("old", "new")))
                .list(0, Txid.ZERO, false))
        .isInstanceOf(TidewalException.PermissionDenied.class)
        .hasMessageContaining("2 attempts");
  }

  @Test
  void whatWillNotGetBetterIsNotTriedAgain() {
    store.error(501, "NotImplemented");

    assertThatThrownBy(this::create)
        .isInstanceOf(TidewalException.StoreUnreachable.class)
        .hasMessageContaining("501 NotImplemented");
    assertThat(store.asked()).hasSize(1);
  }

  @Test
  void anErrorInsideASuccessfulDeleteIsAnError() {
    store.answer(200, Map.of(), deleteResult("AccessDenied"));

    assertThatThrownBy(this::deleteTwo)
        .isInstanceOf(TidewalException.PermissionDenied.class)
        .hasMessageContaining("AccessDenied");
  }

  @Test
  void aPassingErrorInsideASuccessfulDeleteIsTriedAgain() {
    store
        .answer(200, Map.of(), deleteResult("InternalError"))
        .answer(200, Map.of(), "<DeleteResult></DeleteResult>");

    deleteTwo();

    assertThat(store.asked()).hasSize(2);
  }

  @Test
  void aStoreWithoutBatchesIsAskedOneByOneAndRemembered() {
    store.error(501, "NotImplemented").answer(204).answer(204).answer(204).error(404, "NoSuchKey");
    ReplicaClient client = clients.open(store.settings());

    client.delete(List.of(NAME, LtxName.batch(new Txid(2))));
    client.delete(List.of(NAME, LtxName.batch(new Txid(2))));

    assertThat(store.asked())
        .extracting(ScriptedS3.Asked::method)
        .containsExactly("POST", "DELETE", "DELETE", "DELETE", "DELETE");
  }

  @Test
  void anErrorInsideASuccessfulCompletionIsAnError() {
    store
        .answer(404) // HEAD: nothing there yet
        .answer(
            200,
            Map.of(),
            "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
        .answer(200)
        .answer(200)
        .answer(200, Map.of(), "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
        .answer(204);

    assertThatThrownBy(this::createLarge).isInstanceOf(TidewalException.PermissionDenied.class);
  }

  @Test
  void aCompletionThatSucceededUnheardIsFoundByLooking() {
    store
        .answer(404)
        .answer(
            200,
            Map.of(),
            "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
        .answer(200)
        .answer(200)
        .hangUp()
        .error(404, "NoSuchUpload")
        .present();

    assertThatThrownBy(this::createLarge).isInstanceOf(TidewalException.PreconditionFailed.class);
  }

  @Test
  void aFailedPartAbortsTheUpload() {
    store
        .answer(404)
        .answer(
            200,
            Map.of(),
            "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
        .error(403, "AccessDenied")
        .error(403, "AccessDenied")
        .answer(204);

    assertThatThrownBy(this::createLarge).isInstanceOf(TidewalException.PermissionDenied.class);
    assertThat(store.asked().getLast().method()).isEqualTo("DELETE");
    assertThat(store.asked().getLast().uri().getQuery()).contains("uploadId=u");
  }

  @Test
  void anObjectThatIsThereIsRefusedBeforeALargeUpload() {
    store.present();

    assertThatThrownBy(this::createLarge).isInstanceOf(TidewalException.PreconditionFailed.class);
    assertThat(store.asked()).hasSize(1);
  }

  @Test
  void aListingOutOfOrderIsRefused() {
    store.answer(200, Map.of(), listing(false, 2, 1));
    ReplicaClient client = clients.open(store.settings());

    assertThatThrownBy(() -> client.list(0, Txid.ZERO, false))
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("order");
  }

  @Test
  void aListingThatIgnoresTheSeekIsFiltered() {
    store.answer(200, Map.of(), listing(true, 1, 2)).answer(200, Map.of(), listing(false, 3, 4));
    ReplicaClient client = clients.open(store.settings());

    assertThat(client.list(0, new Txid(3), false))
        .toIterable()
        .extracting(object -> object.name().min())
        .containsExactly(new Txid(3), new Txid(4));
    assertThat(store.asked().getLast().uri().getQuery()).contains("continuation-token=more");
  }

  @Test
  void aStoreThatIgnoresRangesIsRefused() {
    store.answer(200, Map.of(), "the whole object");
    ReplicaClient client = clients.open(store.settings());

    assertThatThrownBy(() -> client.open(NAME, 4, 5))
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("range");
  }

  private void create() {
    clients
        .open(store.settings())
        .write(NAME, ObjectMetadata.UNKNOWN, WriteMode.CREATE, 3, out -> out.write(new byte[3]));
  }

  /** Two parts. */
  private void createLarge() {
    byte[] bytes = new byte[6 << 20];
    clients
        .open(store.settings())
        .write(
            NAME, ObjectMetadata.UNKNOWN, WriteMode.CREATE, bytes.length, out -> out.write(bytes));
  }

  private void deleteTwo() {
    clients.open(store.settings()).delete(List.of(NAME, LtxName.batch(new Txid(2))));
  }

  private static String deleteResult(String code) {
    return "<DeleteResult><Error><Key>k</Key><Code>"
        + code
        + "</Code><Message>said the store</Message></Error></DeleteResult>";
  }

  @Test
  void aListingThatBreaksOffWithoutSayingWhereIsNoAnswer() {
    store.answer(
        200,
        Map.of(),
        listing(true, 1, 2).replace("<NextContinuationToken>more</NextContinuationToken>", ""));

    assertThatThrownBy(() ->
            clients.open(store.settings()).list(0, Txid.ZERO, false).forEachRemaining(x -> {}))
        .isInstanceOf(TidewalException.StoreUnreachable.class)
        .hasMessageContaining("breaks off");
  }

  private static String listing(boolean truncated, long... txids) {
    StringBuilder xml = new StringBuilder("<ListBucketResult>");
    for (long txid : txids) {
      xml.append("<Contents><Key>db/0000/")
          .append(LtxName.batch(new Txid(txid)).fileName())
          .append("</Key><LastModified>2026-11-20T00:00:00.000Z</LastModified>")
          .append("<Size>1</Size></Contents>");
    }
    return xml.append("<IsTruncated>")
        .append(truncated)
        .append("</IsTruncated>")
        .append(truncated ? "<NextContinuationToken>more</NextContinuationToken>" : "")
        .append("</ListBucketResult>")
        .toString();
  }

  /** Has other credentials after the first refusal. */
  private static final class Rotating implements CredentialsSource {
    private final String next;
    private volatile String id;

    private Rotating(String first, String next) {
      this.id = first;
      this.next = next;
    }

    @Override
    public Optional<StoreCredentials> current() {
      return Optional.of(StoreCredentials.of(id, "secret"));
    }

    @Override
    public boolean refresh() {
      boolean changed = !id.equals(next);
      id = next;
      return changed;
    }
  }
}
