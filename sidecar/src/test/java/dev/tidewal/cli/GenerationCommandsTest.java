package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas of Litestream 0.3 on the command line. */
class GenerationCommandsTest {
  @TempDir Path directory;
  private final Command command = new Command();
  private StoredGenerations stored;
  private Path output;

  @BeforeEach
  void storeThreeWals() throws Exception {
    stored = new StoredGenerations(directory, 3);
    output = directory.resolve("restored.db");
  }

  @Test
  void generationsAreListedWithTheirIndexesAndTimes() throws Exception {
    assertThat(command.run("generations", stored.url())).isZero();
    assertThat(command.out())
        .hasLineCount(2)
        .contains(StoredGenerations.GENERATION, "00000000-00000002", "2024-05-01T10:00:03Z");

    assertThat(command.run("generations", "-json", stored.url())).isZero();
    JsonNode json = new ObjectMapper().readTree(command.out());
    assertThat(json.path(0).path("segments").asInt()).isEqualTo(3);
  }

  @Test
  void aReplicaWithGenerationsOnlyIsRestoredFromThem() throws Exception {
    assertThat(command.run("restore", "-o", output.toString(), stored.url()))
        .as(command.err())
        .isZero();

    assertThat(command.out()).contains("generation 0123456789abcdef up to index 00000002");
    assertThat(StoredDatabase.rows(output)).isEqualTo(3);
  }

  @Test
  void anIndexOrATimeNamesAnOlderState() throws Exception {
    Path byTime = directory.resolve("by-time.db");

    int byIndex =
        command.run(
            "restore",
            "-generation",
            StoredGenerations.GENERATION,
            "-index",
            "00000000",
            "-o",
            output.toString(),
            stored.url());
    assertThat(byIndex).as(command.err()).isZero();
    int code =
        command.run(
            "restore",
            "-timestamp",
            StoredGenerations.BEGIN.plusSeconds(2).toString(),
            "-o",
            byTime.toString(),
            stored.url());

    assertThat(code).as(command.err()).isZero();
    assertThat(StoredDatabase.rows(output)).isEqualTo(1);
    assertThat(StoredDatabase.rows(byTime)).isEqualTo(2);
  }

  @Test
  void theNewerOfBothFormatsIsRestored() throws Exception {
    new StoredDatabase(directory).commit();

    assertThat(command.run("restore", "-o", output.toString(), stored.url())).isZero();
    assertThat(StoredDatabase.rows(output)).isEqualTo(1);

    Path old = directory.resolve("old-format.db");
    assertThat(
            command.run(
                "restore",
                "-generation",
                StoredGenerations.GENERATION,
                "-o",
                old.toString(),
                stored.url()))
        .isZero();
    assertThat(StoredDatabase.rows(old)).isEqualTo(3);
  }

  @Test
  void aDryRunShowsTheObjectsAndWritesNothing() {
    assertThat(command.run("restore", "--dry-run", "-o", output.toString(), stored.url())).isZero();

    assertThat(command.out()).contains("00000001_00000000.wal.lz4", "would restore generation");
    assertThat(output).doesNotExist();
  }

  @Test
  void importMakesAnLtxReplicaAndLeavesTheGenerations() throws Exception {
    assertThat(command.run("import", stored.url())).as(command.err()).isZero();
    assertThat(command.out())
        .startsWith("imported ")
        .contains("index 00000002", "to TXID 0000000000000001 of " + stored.url());

    assertThat(command.run("verify", "--restore", stored.url())).as(command.err()).isZero();
    assertThat(command.run("restore", "-o", output.toString(), stored.url())).isZero();
    assertThat(command.out()).contains("at TXID 0000000000000001");
    assertThat(StoredDatabase.rows(output)).isEqualTo(3);
    assertThat(command.run("generations", stored.url())).isZero();
    assertThat(command.out()).contains(StoredGenerations.GENERATION);
  }

  @Test
  void importRefusesAReplicaThatIsThereAlready() throws Exception {
    StoredDatabase other = new StoredDatabase(directory.resolve("other")).commit();

    assertThat(command.run("import", "--to", other.url(), stored.url())).isEqualTo(4);
    assertThat(command.err()).contains("holds LTX objects already", "--to");
    assertThat(command.run("import", "file://" + directory.resolve("nothing"))).isEqualTo(3);
  }

  @Test
  void whatIsNotThereIsThreeAndWhatDoesNotGoTogetherIsTwo() {
    String[] unknown = {
      "restore", "-generation", "ffffffffffffffff", "-o", output.toString(), stored.url()
    };
    assertThat(command.run(unknown)).isEqualTo(3);
    assertThat(command.err()).contains("has no generation ffffffffffffffff");

    assertThat(command.run("restore", "-index", "1", "-o", "x", stored.url())).isEqualTo(2);
    assertThat(command.err()).contains("--index needs --generation");
    assertThat(command.run("restore", "-generation", "1", "-o", "x", stored.url())).isEqualTo(2);
    assertThat(command.err()).contains("16 hex digits");
    assertThat(output).doesNotExist();
  }
}
