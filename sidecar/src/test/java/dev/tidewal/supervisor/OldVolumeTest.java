package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException;
import dev.tidewal.fence.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A copy of a volume, made days ago, is attached again: the replica is newer and wins, and what the
 * copy held is kept aside.
 */
class OldVolumeTest {
  private static final long MIB = 1 << 20;

  @TempDir private Path directory;
  private Path replica;
  private Volume home;

  @BeforeEach
  void names() throws Exception {
    home = new Volume(Files.createDirectory(directory.resolve("home")));
    replica = home.directory().resolve("replica");
  }

  private static final String FIRST = "0000000000000001-0000000000000001.ltx";

  @Test
  void aCopyOfAStoppedVolumeIsBroughtForward() throws Exception {
    replicate(10);
    Volume old = home.copyTo(directory.resolve("old"));
    replicate(20);

    assertThatItIsBroughtForward(old, 10, 30);
  }

  @Test
  void aCopyThatLagsBehindItsOwnRecordIsBroughtForward() throws Exception {
    replicate(10);
    Path early = Files.copy(home.database(), directory.resolve("early.db"));
    replicate(5);
    Volume old = home.copyTo(directory.resolve("old"));
    Files.copy(early, old.database(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    replicate(15);

    assertThatItIsBroughtForward(old, 10, 30);
  }

  @Test
  void aCopyWhoseRecordIsOfAnEarlierBatchIsBroughtForward() throws Exception {
    replicate(10);
    Volume old = home.copyTo(directory.resolve("old"));
    replicate(5);
    Files.copy(home.database(), old.database(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    replicate(15);

    assertThatItIsBroughtForward(old, 15, 30);
  }

  @Test
  void aCopyStaysInPlaceWhereTheReplicaCanNotBeRestored() throws Exception {
    replicate(10);
    Volume old = home.copyTo(directory.resolve("old"));
    replicate(20);
    try (Stream<Path> objects = Files.walk(replica.resolve("ltx"))) {
      for (Path object : objects.filter(file -> file.endsWith(FIRST)).toList()) {
        Files.delete(object);
      }
    }

    assertThatThrownBy(() -> old.begin(replica, Moment.RESTORE_STEP))
        .isInstanceOf(TidewalException.Refused.class);

    assertThat(rows(old.database())).isEqualTo(10);
    assertThat(old.keptAside()).isEmpty();
  }

  @Test
  void aCopyThatWentItsOwnWayIsNotTouched() throws Exception {
    replicate(10);
    Volume old = home.copyTo(directory.resolve("old"));
    replicate(20);
    old.commit("DELETE FROM t WHERE id = 1");

    try (Volume.Begun begun = old.begin(replica, Moment.RESTORE_STEP)) {
      assertThat(begun.launch()).isInstanceOf(Launch.Refused.class);
      assertThat(begun.launch().reason()).isEqualTo("Diverged");
    }
    assertThat(rows(old.database())).isEqualTo(9);
  }

  @Test
  void besideAnApplicationTheOldCopyIsFencedAndNothingIsReplaced() throws Exception {
    replicate(10);
    Volume old = home.copyTo(directory.resolve("old"));
    replicate(20);

    try (Volume.Begun begun = old.begin(replica, Moment.BESIDE_APPLICATION)) {
      assertThat(begun.launch()).isInstanceOf(Launch.Fenced.class);
      assertThat(begun.launch().reason()).isEqualTo("LocalBehind");
    }
    assertThat(rows(old.database())).isEqualTo(10);
    assertThat(old.keptAside()).isEmpty();
  }

  private void assertThatItIsBroughtForward(Volume old, long before, long after) throws Exception {
    try (Volume.Begun begun = old.begin(replica, Moment.RESTORE_STEP)) {
      assertThat(begun.launch().reason()).as(begun.launch().message()).isEqualTo("LocalBehind");
    }
    assertThat(rows(old.database())).isEqualTo(after);
    assertThat(old.keptAside())
        .singleElement()
        .satisfies(file -> assertThat(rows(file)).isEqualTo(before));
  }

  /** A sidecar's life at home, in which so many rows are written. */
  private void replicate(int rows) throws Exception {
    try (Rig rig = new Rig(home.directory(), 256 * MIB, 1024 * MIB).start()) {
      rig.commit(rows, 1000);
      rig.sync();
    }
  }

  private static long rows(Path database) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
      return row.getLong(1);
    }
  }
}
