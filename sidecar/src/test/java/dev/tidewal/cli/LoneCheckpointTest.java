package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidewal checkpoint} where no sidecar runs. */
class LoneCheckpointTest {
  @TempDir Path directory;
  private final Command command = new Command();
  private Path database;
  private Path wal;
  private Connection application;

  @BeforeEach
  void createDatabase() throws Exception {
    database = directory.resolve("app.db");
    wal = directory.resolve("app.db-wal");
    application = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("PRAGMA journal_mode=WAL");
    execute("PRAGMA wal_autocheckpoint=0");
    execute("CREATE TABLE t (x)");
  }

  @AfterEach
  void closeDatabase() throws Exception {
    application.close();
  }

  @Test
  void aDatabaseThatWasNeverReplicatedIsCheckpointed() {
    assertThat(checkpoint("passive")).as(command.err()).isZero();
    assertThat(command.out()).contains("2 of 2 frames");
    assertThat(wal).isNotEmptyFile();

    assertThat(checkpoint("TRUNCATE")).isZero();
    assertThat(wal).isEmptyFile();
  }

  @Test
  void theWalStaysWhenNobodyElseHasTheDatabaseOpen() throws Exception {
    String url = "file://" + directory.resolve("replica");
    assertThat(command.run("replicate", "-once", database.toString(), url)).isZero();
    execute("INSERT INTO t VALUES (1)");

    assertThat(checkpoint("passive")).as(command.err()).isZero();

    assertThat(wal).isNotEmptyFile();
  }

  @Test
  void whatIsNotInTheReplicaIsNotThrownAway() throws Exception {
    String url = "file://" + directory.resolve("replica");
    assertThat(command.run("replicate", "-once", database.toString(), url)).isZero();
    execute("INSERT INTO t VALUES (1)");

    assertThat(checkpoint("truncate")).isEqualTo(4);
    assertThat(command.err()).hasLineCount(1).contains("tidewal replicate --once");
    assertThat(wal).isNotEmptyFile();

    assertThat(command.run("replicate", "-once", database.toString(), url)).isZero();
    assertThat(checkpoint("truncate")).as(command.err()).isZero();
    assertThat(wal).isEmptyFile();
  }

  @Test
  void wrongArgumentsAreTwoAndOtherFilesAreRefused() throws Exception {
    assertThat(checkpoint("trunkate")).isEqualTo(2);
    assertThat(command.err()).contains("did you mean truncate?");

    execute("PRAGMA journal_mode=DELETE");
    assertThat(checkpoint("full")).isEqualTo(4);
    assertThat(command.err()).contains("is not in WAL mode");
  }

  private int checkpoint(String mode) {
    return command.run("checkpoint", "--mode", mode, "--addr", "127.0.0.1:1", database.toString());
  }

  private void execute(String sql) throws Exception {
    try (Statement statement = application.createStatement()) {
      statement.execute(sql);
    }
  }
}
