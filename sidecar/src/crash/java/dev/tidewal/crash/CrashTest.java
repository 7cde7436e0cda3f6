package dev.tidewal.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.crash.Ledger.State;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rounds of SIGKILL against the sidecar, the application or both, at random moments under load,
 * with application checkpoints in all modes, also while the sidecar is down.
 *
 * <p>Each round: what was acknowledged before the kill is in the replica, and what the replica
 * holds is one committed state. Seed and number of rounds: {@code -Dcrash.seed=N -Dcrash.rounds=N};
 * the seed is printed.
 */
@Tag("crash")
class CrashTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path directory;
  private final Path database;
  private final Path journal;
  private final Path replica;
  private final int port;

  CrashTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    database = directory.resolve("app.db");
    journal = directory.resolve("journal");
    replica = directory.resolve("replica");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @Test
  void noAcknowledgedCommitIsLostAndNoWrongByteIsRestored() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    int rounds = Integer.getInteger("crash.rounds", 20);
    System.out.println("crash.seed=" + seed + " crash.rounds=" + rounds);
    SplittableRandom random = new SplittableRandom(seed);
    Victim application = startApplication(random.nextLong());
    Victim sidecar = startSidecar();
    try {
      for (int round = 1; round <= rounds; round++) {
        runRound(round, random, application, sidecar);
      }
      finish(application, sidecar);
    } catch (AssertionError | Exception e) {
      throw new AssertionError(
          "seed " + seed + ": " + e + "\n" + sidecar.tail() + "\n" + application.tail(), e);
    } finally {
      application.kill();
      sidecar.kill();
    }
  }

  private void runRound(int round, SplittableRandom random, Victim application, Victim sidecar)
      throws IOException, InterruptedException, SQLException {
    awaitReady(sidecar);
    Thread.sleep(random.nextInt(400));
    long acknowledged = random.nextInt(3) == 0 ? 0 : acknowledge();
    Thread.sleep(random.nextInt(30));
    boolean killSidecar = random.nextInt(4) != 0;
    boolean killApplication = !killSidecar || random.nextInt(2) == 0;
    if (killSidecar) {
      sidecar.kill();
    }
    if (killApplication) {
      application.kill();
      application.restart(Long.toString(random.nextLong()));
    }
    if (killSidecar) {
      Thread.sleep(random.nextInt(500)); // the application goes on, and checkpoints, without us
      if (random.nextInt(3) != 0) {
        judge(round, acknowledged);
      }
      sidecar.restart();
    } else {
      assertThat(sidecar.isAlive()).as("sidecar survives its application").isTrue();
    }
  }

  /** Everything that the journal names before the call is durable after it. */
  private long acknowledge() throws IOException, InterruptedException {
    long committed = lastInJournal();
    HttpResponse<String> answer = post("/v1/sync?wait=30s");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return committed;
  }

  private void judge(int round, long acknowledged) throws IOException, SQLException {
    Path restored = directory.resolve("restored-" + round + ".db");
    Restore.latest(replica, restored);
    State state = Ledger.verify(restored);
    assertThat(state.transactions())
        .as("round " + round + ": acknowledged transactions")
        .isGreaterThanOrEqualTo(acknowledged);
    Files.delete(restored);
  }

  /** At last all is synced: the replica restores to the application's own bytes. */
  private void finish(Victim application, Victim sidecar) throws Exception {
    awaitReady(sidecar);
    application.kill();
    acknowledge();
    assertThat(sidecar.terminate()).as("exit code of the sidecar").isZero();
    try (Ledger ledger = new Ledger(database, 5000, 1000)) {
      ledger.checkpoint("TRUNCATE");
    }
    Path restored = directory.resolve("restored.db");
    Restore.latest(replica, restored);
    assertThat(Ledger.verify(restored)).isEqualTo(Ledger.verify(database));
    assertThat(Files.mismatch(restored, database)).as("first byte that differs").isEqualTo(-1);
  }

  private Victim startApplication(long seed) throws IOException {
    return Victim.start(
        "application",
        directory,
        Application.class.getName(),
        List.of("-Xmx64m"),
        List.of(database.toString(), journal.toString(), Long.toString(seed)));
  }

  private Victim startSidecar() throws IOException {
    return Victim.start(
        "sidecar",
        directory,
        "dev.tidewal.cli.Main",
        List.of("-Xmx128m"),
        List.of(
            "replicate",
            "--addr",
            "127.0.0.1:" + port,
            database.toString(),
            replica.toUri().toString()));
  }

  private void awaitReady(Victim sidecar) throws InterruptedException, IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String last = "no answer";
    while (System.nanoTime() < deadline) {
      try {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("/readyz")).GET().build());
        if (answer.statusCode() == 200 && Files.exists(database)) {
          return;
        }
        last = answer.statusCode() + " " + answer.body();
      } catch (IOException e) {
        last = e.toString();
      }
      if (!sidecar.isAlive()) {
        throw new AssertionError("the sidecar ended");
      }
      Thread.sleep(20);
    }
    throw new AssertionError("the sidecar is not ready: " + last);
  }

  private HttpResponse<String> post(String path) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.noBody()).build());
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** The last whole line of the journal; a kill may have cut the one after it. */
  private long lastInJournal() throws IOException {
    if (!Files.exists(journal)) {
      return 0;
    }
    try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "r")) {
      long from = Math.max(0, file.length() - 128);
      byte[] tail = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(tail);
      String text = new String(tail, StandardCharsets.US_ASCII);
      int end = text.lastIndexOf('\n');
      if (end < 0) {
        return 0;
      }
      String line = text.substring(text.lastIndexOf('\n', end - 1) + 1, end);
      return Long.parseLong(line);
    }
  }
}
