package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that tell whether all is well: verify, checksum, probe. */
class InspectionCommandsTest {
  @TempDir Path directory;
  private final Command command = new Command();
  private StoredDatabase stored;

  @BeforeEach
  void storeThreeStates() throws Exception {
    stored = new StoredDatabase(directory).commit().commit().commit();
  }

  @Test
  void anIntactReplicaIsGood() throws Exception {
    assertThat(command.run("verify", "--restore", stored.url())).as(command.err()).isZero();
    assertThat(command.out())
        .contains("3 objects", "all intact", "TXID 0000000000000003 can be restored")
        .contains("integrity check passed: quick")
        .endsWith(": good\n");

    assertThat(command.run("verify", "-json", stored.url())).isZero();
    JsonNode json = new ObjectMapper().readTree(command.out());
    assertThat(json.path("good").asBoolean()).isTrue();
    assertThat(json.path("objects")).hasSize(3);
  }

  @Test
  void aFlippedBitIsFiveAndNamesTheObject() throws Exception {
    byte[] bytes = Files.readAllBytes(stored.object(2));
    bytes[bytes.length / 2] ^= 1;
    Files.write(stored.object(2), bytes);

    assertThat(command.run("verify", stored.url())).isEqualTo(5);

    assertThat(command.out())
        .contains("BROKEN   L0/0000000000000002")
        .contains("TXID 0000000000000002 is missing")
        .endsWith(": BROKEN\n");
  }

  @Test
  void anAbsentObjectIsFiveAndNamesTheGap() throws Exception {
    Files.delete(stored.object(2));

    assertThat(command.run("verify", stored.url())).isEqualTo(5);
    assertThat(command.out()).contains("all intact", "0000000000000002");
  }

  @Test
  void aReplicaWithoutObjectsIsThree() {
    assertThat(command.run("verify", "file://" + directory.resolve("nothing"))).isEqualTo(3);
    assertThat(command.err()).contains("holds no LTX objects");
  }

  @Test
  void theChecksumIsThatOfThePositionThatWasReplicated() throws Exception {
    Path database = directory.resolve("app.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (x)");
      assertThat(command.run("checksum", database.toString())).as(command.err()).isZero();
      assertThat(command.out()).contains("TXID unknown: there is no local state");
      String before = command.out().substring(0, 16);

      String url = "file://" + directory.resolve("other");
      assertThat(command.run("replicate", "-once", database.toString(), url)).isZero();
      assertThat(command.run("checksum", database.toString())).isZero();
      assertThat(command.out()).contains("; TXID 0000000000000001").doesNotContain(before);

      statement.execute("INSERT INTO t VALUES (1)");
      assertThat(command.run("checksum", "-json", database.toString())).isZero();
      JsonNode json = new ObjectMapper().readTree(command.out());
      assertThat(json.path("txid").isNull()).isTrue();
      assertThat(json.path("durable").path("txid").asText()).isEqualTo("0000000000000001");
    }
  }

  @Test
  void theChecksumOfWhatIsNoDatabaseIsRefused() throws Exception {
    assertThat(command.run("checksum", directory.resolve("none.db").toString())).isEqualTo(3);
    Path text = Files.writeString(directory.resolve("text.db"), "Dear diary");
    assertThat(command.run("checksum", text.toString())).isEqualTo(4);
    assertThat(command.err()).contains("is not a SQLite database");
  }

  @Test
  void aProbeTellsWhatAStoreCanDoAndLeavesNothingBehind() throws Exception {
    List<Path> before = files();

    assertThat(command.run("probe", stored.url())).as(command.err()).isZero();

    assertThat(command.out()).contains("create-race", "yes", "a second writer is noticed");
    assertThat(files()).isEqualTo(before);
    assertThat(command.run("probe", "file://" + directory.resolve("not/yet/there"))).isZero();
    assertThat(files()).isEqualTo(before);
    assertThat(command.run("probe", "-json", stored.url())).isZero();
    JsonNode json = new ObjectMapper().readTree(command.out());
    assertThat(json.path("conditionalCreate").asBoolean()).isTrue();
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.sorted().toList();
    }
  }
}
