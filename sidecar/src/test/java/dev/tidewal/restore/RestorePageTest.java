package dev.tidewal.restore;

import static dev.tidewal.restore.History.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/recovery.md shows what a restore really says, with its exit code; {@code -Ddocs.update=true}
 * writes.
 */
class RestorePageTest {
  private static final Path PAGE = Path.of("../docs/recovery.md");
  private static final String BEGIN = "<!-- restore messages: generated from real restores -->\n";
  private static final String END = "<!-- end of the restore messages -->\n";

  @TempDir private Path directory;
  private final History history = History.random(new Random(5), 12);

  @Test
  void thePageHasTheMessagesOfRealRestores() throws IOException {
    String page = Files.readString(PAGE);
    String wanted =
        page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
            + table()
            + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, wanted);
    }

    assertThat(Files.readString(PAGE)).isEqualTo(wanted);
  }

  /** A replica and a wish that a restore can't fulfil as asked. */
  private record Example(
      String found, Preparation preparation, RestoreTarget target, RestoreOptions options) {}

  @FunctionalInterface
  private interface Preparation {
    void of(FaultyReplicaClient replica, Path output) throws IOException;
  }

  private List<Example> examples() {
    return List.of(
        example("an empty replica", RestoreTarget.LATEST, (replica, output) -> {}),
        example(
            "a time before the oldest state",
            new RestoreTarget.AtTime(History.BEGIN.minusSeconds(3600)),
            this::whole),
        example("a TXID beyond the newest", new RestoreTarget.AtTxid(new Txid(0x20)), this::whole),
        example(
            "a TXID that is left only inside a compacted object",
            new RestoreTarget.AtTxid(new Txid(7)),
            this::whole),
        example(
            "objects are missing, and nothing replaces them",
            RestoreTarget.LATEST,
            (replica, output) -> {
              whole(replica, output);
              replica.delete(List.of(batch(9), batch(10), name(1, 9, 10)));
            }),
        example(
            "no snapshot is left",
            RestoreTarget.LATEST,
            (replica, output) -> history.storeBatches(replica, 9, 12)),
        example(
            "the newest object is damaged",
            RestoreTarget.LATEST,
            (replica, output) -> {
              whole(replica, output);
              replica.on(Operation.OPEN).key(batch(12)).flipByte(130);
            }),
        example(
            "a page that no object holds",
            RestoreTarget.LATEST,
            (replica, output) -> mixture(replica)),
        example(
            "the result is not what was recorded for its TXID",
            RestoreTarget.LATEST,
            (replica, output) -> {
              history.store(replica, LtxName.snapshot(new Txid(1)));
              history.store(replica, batch(2), history.withChecksum(new Txid(3)));
            }),
        new Example(
            "SQLite finds the restored database damaged (`--integrity-check`)",
            this::whole,
            RestoreTarget.LATEST,
            RestoreOptions.DEFAULT.withIntegrityCheck(IntegrityCheck.QUICK)),
        example(
            "the output exists",
            RestoreTarget.LATEST,
            (replica, output) -> {
              whole(replica, output);
              Files.writeString(output, "precious");
            }),
        example(
            "the output is missing, and its WAL is not",
            RestoreTarget.LATEST,
            (replica, output) -> {
              whole(replica, output);
              Files.writeString(Path.of(output + "-wal"), "precious");
            }),
        example(
            "the store does not answer",
            RestoreTarget.LATEST,
            (replica, output) -> replica.onAnything().unreachable()));
  }

  private static Example example(String found, RestoreTarget target, Preparation preparation) {
    return new Example(found, preparation, target, RestoreOptions.DEFAULT);
  }

  private static LtxName batch(int txid) {
    return LtxName.batch(new Txid(txid));
  }

  private void whole(FaultyReplicaClient replica, Path output) {
    history.store(replica, LtxName.snapshot(new Txid(4)));
    history.store(replica, name(1, 5, 8));
    history.store(replica, name(1, 9, 10));
    history.storeBatches(replica, 9, 12);
  }

  /** What two writers leave who don't know of each other. */
  private static void mixture(FaultyReplicaClient replica) {
    History one = new History(new Random(1));
    one.commit(10);
    one.commit(30);
    History other = new History(new Random(2));
    other.commit(30);
    other.commit(30);
    one.store(replica, batch(1));
    other.store(replica, batch(2));
  }

  private String table() throws IOException {
    StringBuilder table = new StringBuilder("| found | exit code | message |\n|---|---|---|\n");
    int number = 0;
    for (Example example : examples()) {
      table.append(row(example, directory.resolve("example-" + number++)));
    }
    return table.toString();
  }

  private static String row(Example example, Path home) throws IOException {
    Path output = Files.createDirectories(home).resolve("app.db");
    try (FaultyReplicaClient replica =
        new FaultyReplicaClient(new FileReplicaClient(home.resolve("replica")))) {
      example.preparation().of(replica, output);
      String answer;
      try {
        RestoreReport report =
            new Restorer(replica, example.options(), RestoreListener.NONE)
                .restore(example.target(), output);
        Optional<Boundary> boundary = report.plan().boundary();
        answer = "0 | " + boundary.orElseThrow();
      } catch (TidewalException e) {
        answer = e.exitCode().code() + " | " + e.getMessage();
      }
      String shown =
          answer.replace(replica.url(), "s3://bucket/app").replace(output.toString(), "app.db");
      return "| %s | %s |\n".formatted(example.found(), shown);
    }
  }
}
