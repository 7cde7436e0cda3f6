package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at a replica, and the one that deletes it. */
class ReplicaCommandsTest {
  @TempDir Path directory;
  private final Command command = new Command();
  private StoredDatabase stored;

  @BeforeEach
  void storeTwoStates() throws Exception {
    stored = new StoredDatabase(directory).commit().commit();
  }

  @Test
  void ltxListsTheObjectsOfAllLevelsOrOfOne() {
    assertThat(command.run("ltx", "--exact-times", stored.url())).isZero();
    assertThat(command.out())
        .hasLineCount(3)
        .contains("0      0000000000000001  0000000000000001")
        .contains("2026-11-20T10:00:02Z");

    assertThat(command.run("ltx", "-level", "9", stored.url())).isZero();
    assertThat(command.out()).hasLineCount(1);
    assertThat(command.run("ltx", "-level", "10", stored.url())).isEqualTo(2);
  }

  @Test
  void snapshotsListsWholeStatesAsJson() throws Exception {
    assertThat(command.run("snapshots", "--json", stored.url())).isZero();

    assertThat(new ObjectMapper().readTree(command.out())).isEmpty();
  }

  @Test
  void databasesListsTheConfigurationWithoutAskingAStore() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("tidewal.yml"),
            """
            databases:
              - path: /data/app.db
                destinations:
                  - s3://bucket/app
                  - file:///backup/app
            """);

    assertThat(command.run("databases", "-config", config.toString())).isZero();
    assertThat(command.out())
        .contains("/data/app.db")
        .contains("s3://bucket/app", "file:///backup/app");

    assertThat(command.run("databases", "-json", "-config", config.toString())).isZero();
    JsonNode json = new ObjectMapper().readTree(command.out());
    assertThat(json.path(0).path("destinations").path(1).path("url").asText())
        .isEqualTo("file:///backup/app");
  }

  @Test
  void aMissingOrMistypedConfigurationIsTwo() throws Exception {
    assertThat(command.run("databases", "-config", directory + "/none.yml")).isEqualTo(2);
    assertThat(command.err()).contains("none.yml");

    Path config = Files.writeString(directory.resolve("typo.yml"), "databses: []\n");
    assertThat(command.run("databases", "-config", config.toString())).isEqualTo(2);
    assertThat(command.err()).hasLineCount(1).contains("typo.yml:1", "databses", "databases");
  }

  @Test
  void purgeAsksForYesAndKeepsWhatIsNotOurs() throws Exception {
    Path foreign = stored.object(1).resolveSibling("notes.txt");
    Files.writeString(foreign, "mine");

    assertThat(command.run("purge", stored.url())).isEqualTo(4);
    assertThat(command.err()).contains("--yes");
    assertThat(command.run("purge", "--dry-run", stored.url())).isZero();
    assertThat(command.out()).contains("would delete 2 objects");
    assertThat(stored.object(1)).exists();

    assertThat(command.run("purge", "--yes", stored.url())).isZero();
    assertThat(command.out()).contains("deleted 2 objects");
    assertThat(stored.object(1)).doesNotExist();
    assertThat(foreign).hasContent("mine");
  }

  @Test
  void resetSaysWhatItWouldForget() {
    assertThat(command.run("reset", "--dry-run", stored.file().toString())).isZero();
    assertThat(command.out()).contains("there is no local state");
  }
}
