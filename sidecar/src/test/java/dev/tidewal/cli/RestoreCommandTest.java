package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewal.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreCommandTest {
  @TempDir Path directory;
  private final Command command = new Command();
  private StoredDatabase stored;
  private Path output;

  @BeforeEach
  void storeThreeStates() throws Exception {
    stored = new StoredDatabase(directory).commit().commit().commit();
    output = directory.resolve("restored.db");
  }

  @Test
  void aReplicaIsRestoredToTheOutput() throws Exception {
    int code = command.run("restore", "-o", output.toString(), stored.url());

    assertThat(code).as(command.err()).isZero();
    assertThat(output).hasSameBinaryContentAs(stored.file());
    assertThat(command.out())
        .startsWith("restored " + output + " (8.0 KiB) at TXID 0000000000000003 from 3 objects");
  }

  @Test
  void litestreamsFormOfTheArgumentsIsTaken() throws Exception {
    int code =
        command.run(
            "restore",
            "-if-replica-exists",
            "-parallelism",
            "4",
            "-integrity-check",
            "full",
            "-o",
            output.toString(),
            stored.url());

    assertThat(code).as(command.err()).isZero();
    assertThat(StoredDatabase.rows(output)).isEqualTo(3);
  }

  @Test
  void anEarlierStateIsRestoredByTxidOrTime() throws Exception {
    Path byTime = directory.resolve("by-time.db");

    command.run("restore", "--txid", "0000000000000001", "-o", output.toString(), stored.url());
    command.run(
        "restore",
        "--timestamp",
        "2026-11-20T11:00:02+01:00",
        "-o",
        byTime.toString(),
        stored.url());

    assertThat(StoredDatabase.rows(output)).isEqualTo(1);
    assertThat(StoredDatabase.rows(byTime)).isEqualTo(2);
  }

  @Test
  void jsonIsOneDocumentWithThePositionAndThePlan() throws Exception {
    command.run("restore", "--json", "-o", output.toString(), stored.url());

    JsonNode json = new ObjectMapper().readTree(command.out());
    assertThat(json.path("position").path("txid").asText()).isEqualTo("0000000000000003");
    assertThat(json.path("objects")).hasSize(3);
    assertThat(json.path("integrityCheck").asText()).isEqualTo("none");
  }

  @Test
  void followingIsNoDryRun() {
    assertThat(
            command.run("restore", "--dry-run", "--follow", "-o", output.toString(), stored.url()))
        .isEqualTo(2);
    assertThat(output).doesNotExist();
  }

  @Test
  void aDryRunShowsThePlanAndWritesNothing() {
    assertThat(command.run("restore", "--dry-run", "-o", output.toString(), stored.url())).isZero();

    assertThat(command.out())
        .contains("level  min_txid")
        .contains("would restore latest as TXID 0000000000000003 from 3 objects");
    assertThat(output).doesNotExist();
  }

  @Test
  void anOutputThatExistsIsRefusedUnlessForced() throws Exception {
    Files.writeString(output, "somebody's");

    assertThat(command.run("restore", "-o", output.toString(), stored.url())).isEqualTo(4);
    assertThat(command.err()).startsWith("tidewal: " + output);
    assertThat(output).hasContent("somebody's");

    assertThat(command.run("restore", "--force", "-o", output.toString(), stored.url())).isZero();
    assertThat(StoredDatabase.rows(output)).isEqualTo(3);
  }

  /** Its application would go on writing to a file that nobody sees any more. */
  @Test
  void aDatabaseThatASidecarFollowsIsNotReplacedUnderIt() throws Exception {
    Files.writeString(output, "somebody's");

    try (StateDirectory _ = StateDirectory.open(output, Optional.empty())) {
      assertThat(command.run("restore", "--force", "-o", output.toString(), stored.url()))
          .isEqualTo(4);
    }
    assertThat(command.err()).contains("already being replicated by");
    assertThat(output).hasContent("somebody's");

    assertThat(command.run("restore", "--force", "-o", output.toString(), stored.url())).isZero();
  }

  @Test
  void anOutputThatExistsIsFineWhenOnlyAMissingOneWasToBeRestored() throws Exception {
    Files.writeString(output, "somebody's");

    assertThat(command.run("restore", "-if-db-not-exists", "-o", output.toString(), stored.url()))
        .isZero();
    assertThat(output).hasContent("somebody's");
  }

  @Test
  void anEmptyReplicaIsThreeUnlessItMayBeMissing() {
    String empty = "file://" + directory.resolve("nothing");

    assertThat(command.run("restore", "-o", output.toString(), empty)).isEqualTo(3);
    assertThat(command.err()).contains(empty);
    assertThat(command.run("restore", "-if-replica-exists", "-o", output.toString(), empty))
        .isZero();
    assertThat(output).doesNotExist();
  }

  @Test
  void aDamagedObjectIsFiveAndLeavesNothingBehind() throws Exception {
    byte[] bytes = Files.readAllBytes(stored.object(2));
    bytes[bytes.length / 2] ^= 1;
    Files.write(stored.object(2), bytes);

    assertThat(command.run("restore", "-o", output.toString(), stored.url())).isEqualTo(5);

    assertThat(command.err()).hasLineCount(1).contains("0000000000000002");
    assertThat(output).doesNotExist();
  }

  @Test
  void aDatabaseOfTheConfigurationIsRestoredInItsPlace() throws Exception {
    Path database = directory.resolve("app.db");
    Path config = config(database);

    assertThat(command.run("restore", "-config", config.toString(), database.toString())).isZero();

    assertThat(StoredDatabase.rows(database)).isEqualTo(3);
  }

  @Test
  void aDatabaseThatTheConfigurationDoesNotHaveNamesTheNearest() throws Exception {
    Path config = config(directory.resolve("app.db"));
    String typo = directory.resolve("ap.db").toString();

    assertThat(command.run("restore", "-config", config.toString(), typo)).isEqualTo(2);

    assertThat(command.err())
        .isEqualTo(
            "tidewal: "
                + typo
                + " is neither a replica URL nor a database of "
                + config
                + ": did you mean "
                + directory.resolve("app.db")
                + "?\n");
  }

  @Test
  void wrongArgumentsAreTwoWithTheCure() {
    assertUsage("-o", output.toString(), "s4://bucket/db").contains("did you mean s3?");
    assertUsage(stored.url()).contains("needs -o FILE");
    assertUsage("--txid", "12", "-o", "x", stored.url()).contains("16 hex digits");
    assertUsage("--timestamp", "now", "-o", "x", stored.url()).contains("2026-11-20T10:00:00Z");
    assertUsage("-o", "x").contains("missing required parameter: 'URL|DB'");
    assertUsage("--parallelism", "0", "-o", "x", stored.url()).contains("1 to 256");
    assertUsage("--parallelism", "many", "-o", "x", stored.url()).contains("'many' is not an int");
  }

  private AbstractStringAssert<?> assertUsage(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "restore";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    assertThat(command.run(all)).as(command.err()).isEqualTo(2);
    return assertThat(command.err()).hasLineCount(1).startsWith("tidewal: ");
  }

  private Path config(Path database) throws IOException {
    return Files.writeString(
        directory.resolve("tidewal.yml"),
        """
        databases:
          - path: %s
            destinations:
              - %s
        """
            .formatted(database, stored.url()));
  }
}
