package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException;
import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.database.DatabaseSettings.Conversion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;

class BadInputTest {
  @TempDir Path directory;
  private Path database;

  @BeforeEach
  void name() {
    database = directory.resolve("app.db");
  }

  @Test
  void aMissingFileIsNotCreated() {
    assertThatThrownBy(this::open)
        .isInstanceOf(TidewalException.NotFound.class)
        .hasMessageContaining("app.db");

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void anEmptyFileIsLeftAlone() throws IOException {
    Files.createFile(database);

    assertThat(DatabaseLook.at(database)).isEqualTo(new DatabaseLook.Empty());
    assertThatThrownBy(this::open).isInstanceOf(TidewalException.NotFound.class);
    assertThat(database).isEmptyFile();
  }

  @Test
  void aTextFileIsNamedAsWhatItIs() throws IOException {
    Files.writeString(database, "dbs:\n  - path: app.db\n".repeat(20));

    assertThatThrownBy(this::open)
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("not a SQLite database")
        .hasMessageContaining("dbs:")
        .hasMessageNotContaining("encrypted");
  }

  @Test
  void anEncryptedDatabaseIsGuessed() throws IOException {
    byte[] noise = new byte[8192];
    new Random(1).nextBytes(noise);
    Files.write(database, noise);

    assertThatThrownBy(this::open)
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("encrypted");
  }

  @Test
  void aDirectoryIsRefused() throws IOException {
    Files.createDirectory(database);

    assertThatThrownBy(this::open)
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("directory");
  }

  @Test
  void aDamagedFirstPageIsCorrupt() throws Exception {
    try (Application application = Application.withTable(database)) {
      application.sql("pragma wal_checkpoint(truncate)");
    }
    byte[] file = Files.readAllBytes(database);
    file[20] = 99; // reserved bytes a page, which leave no room for content
    file[21] = 99;
    Files.write(database, file);

    assertThatThrownBy(this::open)
        .isInstanceOf(TidewalException.class)
        .hasMessageContaining("app.db");
  }

  @Test
  void aDatabaseInRollbackModeIsConverted() throws Exception {
    try (Application application = Application.start(database)) {
      application.open("main", 1000);
      application.sql("create table t(id integer primary key, x)");
      application.insert(10, 100);
      try (Following following = Following.from(database)) {
        application.insert(10, 100);
        following.catchUp();

        assertThat(following.live.wasConverted()).isTrue();
        following.replica.assertEqualTo(CommittedState.of(database, directory.resolve("copy")));
      }
    }
  }

  @Test
  void withoutConversionADatabaseInRollbackModeIsRefusedAndLeftAsItIs() throws Exception {
    rollbackModeDatabase();
    byte[] before = Files.readAllBytes(database);

    assertThatThrownBy(() -> open(Conversion.REFUSED))
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("journal_mode=WAL");
    assertThat(Files.readAllBytes(database)).isEqualTo(before);
  }

  @Test
  void aDatabaseThatSomebodyKeepsSwitchingBackIsAJournalModeConflict() throws Exception {
    rollbackModeDatabase();

    assertThatThrownBy(() -> open(Conversion.DONE_BEFORE))
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageStartingWith("JournalModeConflict");
  }

  @Test
  void anExclusiveApplicationIsNamed() throws Exception {
    try (Application application = Application.start(database)) {
      application.open("main", 1000);
      application.sql("pragma locking_mode=exclusive");
      application.sql("pragma journal_mode=wal");
      application.sql("create table t(id integer primary key, x)");

      assertThatThrownBy(this::open)
          .isInstanceOf(TidewalException.Refused.class)
          .hasMessageContaining("EXCLUSIVE");
    }
  }

  @Test
  void aSchemaThatOurSqliteCannotParseIsFollowedAllTheSame() throws Exception {
    try (Application application = Application.withTable(database)) {
      application.sql("create table newer(a)");
      application.sql("pragma writable_schema=on");
      application.sql(
          "update sqlite_schema set sql='create table newer(a) of the future' where name='newer'");
      application.closeConnection("main");
      try (Following following = Following.from(database)) {
        following.seal();
        following.live.close();
        following.replica.assertEqualTo(database);
      }
    }
  }

  @Test
  void namesWithQuestionMarksPercentSignsAndSpacesAreFiles() throws Exception {
    database = directory.resolve("a b?mode=memory&100%#ü.db");
    try (Application application = Application.start(directory.resolve("plain.db"))) {
      application.open("main", 1000);
      application.sql("pragma journal_mode=wal");
      application.sql("create table t(x)");
      application.closeConnection("main");
      Files.move(directory.resolve("plain.db"), database);
    }

    try (Following following = Following.from(database)) {
      assertThat(following.replica.commit()).isEqualTo(2);
    }
  }

  @Test
  void whatSqliteAnswersBecomesAKindOfError() {
    assertThatThrownBy(() -> translate(SQLiteErrorCode.SQLITE_READONLY_DIRECTORY))
        .isInstanceOf(TidewalException.PermissionDenied.class)
        .hasMessageContaining("directory");
    assertThatThrownBy(() -> translate(SQLiteErrorCode.SQLITE_CANTOPEN))
        .isInstanceOf(TidewalException.PermissionDenied.class);
    assertThatThrownBy(() -> translate(SQLiteErrorCode.SQLITE_NOTADB))
        .isInstanceOf(TidewalException.Refused.class);
    assertThatThrownBy(() -> translate(SQLiteErrorCode.SQLITE_IOERR_READ))
        .isInstanceOf(IOException.class);
  }

  private void translate(SQLiteErrorCode code) throws IOException {
    throw OpenFailure.translate(
        database, new SqliteFailure("open", code, new SQLException("as SQLite says")));
  }

  private void rollbackModeDatabase() throws IOException {
    try (Application application = Application.start(database)) {
      application.open("main", 1000);
      application.sql("create table t(id integer primary key, x)");
    }
    assertThat(new String(Files.readAllBytes(database), 0, 15, StandardCharsets.US_ASCII))
        .isEqualTo("SQLite format 3");
  }

  private void open() throws IOException {
    open(Conversion.ALLOWED);
  }

  private void open(Conversion conversion) throws IOException {
    LiveDatabase.open(
            database, DatabaseSettings.DEFAULTS.withConversion(conversion), Recorded.NOTHING)
        .close();
  }
}
