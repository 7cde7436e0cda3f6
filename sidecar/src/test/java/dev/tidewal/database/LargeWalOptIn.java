package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.database.Continuity.Recorded;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A WAL beyond 4 GiB: 10 GiB of disk for some 20 seconds, so only by name: {@code mvn -pl sidecar
 * -am test -Dtest=LargeWalOptIn}.
 */
final class LargeWalOptIn {
  @TempDir Path directory;

  /** A WAL that grows while a first snapshot is read, for example. */
  @Test
  void aWalBeyondFourGibibytesIsCapturedToItsEnd() throws Exception {
    Path database = directory.resolve("app.db");
    try (Application application = Application.start(database)) {
      application.open("main", 1000);
      application.sql("pragma page_size=65536");
      application.sql("pragma journal_mode=wal");
      application.sql("pragma synchronous=off");
      application.sql("create table t(id integer primary key, x)");
      application.insert(500, 60_000);
      Replay replica = new Replay();
      try (LiveDatabase live = LiveDatabase.open(database, Following.EAGER, Recorded.NOTHING)) {
        Capture all = live.full();
        replica.apply(all);
        application.insert(500, 60_000);
        Path wal = directory.resolve("app.db-wal");
        while (Files.size(wal) < (1L << 32) + (64 << 20)) {
          application.sql("update t set x=randomblob(60000)");
        }
        live.settle(all);
        while (true) {
          var next = live.capture(256 << 20);
          if (next.isEmpty()) {
            break;
          }
          replica.apply(next.get());
          live.settle(next.get());
        }
        assertThat(live.event()).isEmpty();
      }
      application.closeConnection("main");
      replica.assertEqualTo(database);
    }
  }
}
