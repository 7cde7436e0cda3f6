package dev.tidewal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewal.replicate.ReplicationState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusServerTest {
  private final FakeDatabases databases = new FakeDatabases();
  private final HttpClient client = HttpClient.newHttpClient();
  private StatusServer server;

  @BeforeEach
  void startServer() throws IOException {
    databases.put("/data/app.db", ReplicationState.REPLICATING, "Resumed", "");
    server =
        StatusServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            databases,
            new EngineMetrics());
  }

  @AfterEach
  void stopServer() {
    server.close();
    client.close();
  }

  @Test
  void aCheckpointIsDoneOrSaysWhoIsInTheWay() throws Exception {
    HttpResponse<String> passive = post("/v1/checkpoint?db=/data/app.db&wait=2s");
    HttpResponse<String> full = post("/v1/checkpoint?db=/data/app.db&mode=full&wait=2s");
    HttpResponse<String> unknown = post("/v1/checkpoint?mode=ful");

    assertThat(passive.statusCode()).isEqualTo(200);
    assertThat(json(passive).path("databases").path(0).path("copied").asInt()).isEqualTo(10);
    assertThat(full.statusCode()).isEqualTo(409);
    assertThat(json(full).path("databases").path(0).path("message").asText())
        .contains("in the way of a full checkpoint for 2 s");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(json(unknown).path("message").asText()).contains("did you mean full?");
  }

  @Test
  void aSnapshotAnswersWithItsPosition() throws Exception {
    HttpResponse<String> answer = post("/v1/snapshot?db=/data/app.db");

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode database = json(answer).path("databases").path(0);
    assertThat(database.path("stored").asBoolean()).isTrue();
    assertThat(database.path("durable").path("txid").asText()).isEqualTo("000000000000000a");
  }

  @Test
  void statusShowsAllThatIsKnownOfADatabase() throws Exception {
    HttpResponse<String> answer = get("/status");

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode database = json(answer).path("databases").path(0);
    assertThat(database.path("database").asText()).isEqualTo("/data/app.db");
    assertThat(database.path("state").asText()).isEqualTo("replicating");
    assertThat(database.path("local").path("txid").asText()).isEqualTo("000000000000000c");
    assertThat(database.path("local").path("checksum").isNull()).isTrue();
    assertThat(database.path("durable").path("checksum").asText()).isEqualTo("8000000000000abc");
    assertThat(database.path("lagSeconds").asDouble()).isEqualTo(1.5);
    assertThat(database.path("lastSnapshot").isNull()).isTrue();
    assertThat(database.path("lastSuccess").asText()).isEqualTo("2026-11-20T10:00:00Z");
    assertThat(database.path("destinations").path(0).path("type").asText()).isEqualTo("file");
    assertThat(database.path("findings").path(0).path("cure").asText())
        .isEqualTo("end its transaction");
  }

  @Test
  void aProcessThatFollowsItsDatabasesIsHealthyWhateverTheStoreDoes() throws Exception {
    databases.put("/data/app.db", ReplicationState.FENCED, "Fenced", "");

    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void readinessFailsWithTheReasonWhenADatabaseIsFencedRefusedOrStarting() throws Exception {
    for (ReplicationState state :
        new ReplicationState[] {
          ReplicationState.FENCED, ReplicationState.REFUSED, ReplicationState.STARTING
        }) {
      databases.put("/data/b.db", state, "SomeReason", "take it over by name");

      HttpResponse<String> answer = get("/readyz");

      assertThat(answer.statusCode()).as(state.name()).isEqualTo(503);
      assertThat(json(answer).path("reasons").path(0).asText())
          .isEqualTo("/data/b.db: SomeReason: take it over by name");
    }
  }

  @Test
  void anUnreachableStoreOrADatabaseYetToAppearIsReady() throws Exception {
    databases.put("/data/b.db", ReplicationState.DEGRADED, "StoreUnreachable", "");
    databases.put("/data/c.db", ReplicationState.WAITING_FOR_DATABASE, "NoFile", "");

    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void aSyncOfOneDatabaseAnswersItsDurablePosition() throws Exception {
    HttpResponse<String> answer = post("/v1/sync?db=%2Fdata%2Fapp.db&wait=1s");

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode result = json(answer).path("databases").path(0);
    assertThat(result.path("synced").asBoolean()).isTrue();
    assertThat(result.path("durable").path("txid").asText()).isEqualTo("000000000000000a");
  }

  @Test
  void aSyncWithoutADatabaseCoversAllAndAnswersTheWorst() throws Exception {
    databases.put("/data/b.db", ReplicationState.DEGRADED, "StoreUnreachable", "");

    HttpResponse<String> answer = post("/v1/sync?wait=2s");

    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(json(answer).path("databases")).hasSize(2);
    assertThat(json(answer).path("databases").path(1).path("message").asText())
        .isEqualTo("2 s passed");
  }

  @Test
  void aSyncOfAFencedDatabaseConflicts() throws Exception {
    databases.put("/data/app.db", ReplicationState.FENCED, "Fenced", "");

    assertThat(post("/v1/sync?db=/data/app.db").statusCode()).isEqualTo(409);
  }

  @Test
  void aSyncOfAnUnknownDatabaseNamesTheNearest() throws Exception {
    HttpResponse<String> answer = post("/v1/sync?db=/data/ap.db");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(json(answer).path("message").asText()).endsWith("did you mean /data/app.db?");
  }

  @Test
  void aWaitThatIsNoDurationOrTooLongIsRefused() throws Exception {
    assertThat(json(post("/v1/sync?wait=30")).path("message").asText())
        .isEqualTo("wait=30 has no unit: write 30s for seconds");
    assertThat(post("/v1/sync?wait=1h").statusCode()).isEqualTo(400);
  }

  @Test
  void aPageThatDoesNotExistListsThoseThatDo() throws Exception {
    HttpResponse<String> answer = get("/statu");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(json(answer).path("message").asText()).contains("/metrics", "/v1/sync");
  }

  @Test
  void theWrongMethodIsAnsweredWithTheRightOne() throws Exception {
    HttpResponse<String> answer = get("/v1/sync");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("POST");
    assertThat(post("/status").statusCode()).isEqualTo(405);
  }

  @Test
  void aBadlyEncodedQueryIsAClientsError() throws Exception {
    // java.net.URI refuses such a query, so it goes out on a bare socket.
    try (Socket socket = new Socket()) {
      socket.connect(server.address());
      String request = "POST /v1/sync?db=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

      assertThat(answer).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void aHeadRequestGetsTheHeadersOnly() throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri("/healthz")).HEAD().build(), BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody()).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }
}
