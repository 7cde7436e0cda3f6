package dev.tidewal.database;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageSizesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void everyPageSizeIsFollowedThroughGrowthSpillsVacuumAndTruncation(int pageSize)
      throws Exception {
    Path database = directory.resolve("app.db");
    try (Application application = Application.start(database)) {
      application.open("main", 1000);
      application.sql("pragma page_size=" + pageSize);
      application.sql("pragma auto_vacuum=1");
      application.sql("pragma journal_mode=wal");
      application.sql("create table t(id integer primary key, x)");
      try (Following following = Following.from(database)) {
        application.sql("pragma cache_size=3");
        application.insert(300, 2000);
        application.sql("create index i on t(x)");
        following.catchUp(100_000);
        application.sql("begin");
        application.insert(500, 2000);
        application.sql("rollback");
        following.catchUp(100_000);
        following.seal();
        application.sql("delete from t where id > 100");
        application.insert(3, 100_000);
        following.catchUp(100_000);
        application.sql("vacuum");
        application.sql("delete from t");
        following.catchUp(100_000);
        following.seal();
        application.insert(50, 5000);
        following.catchUp();

        assertIsCommitted(following, database);
      }
    }
  }

  private void assertIsCommitted(Following following, Path database)
      throws IOException, java.sql.SQLException {
    following.replica.assertEqualTo(CommittedState.of(database, directory.resolve("copy")));
  }
}
