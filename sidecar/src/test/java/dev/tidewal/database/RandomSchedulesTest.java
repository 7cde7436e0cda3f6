package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.database.DatabaseSettings.Conversion;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application in another process does anything it may do, the follower does anything it may do,
 * in any order. What was captured has to be what is committed, byte by byte.
 */
class RandomSchedulesTest {
  @TempDir Path directory;
  private long underLoad;

  @Test
  void theReplicaIsTheDatabaseAfterAnySchedule() throws Exception {
    long seed = Long.getLong("tidewal.seed", System.nanoTime());
    System.out.println("RandomSchedulesTest seed " + seed);
    for (int schedule = 0; schedule < 6; schedule++) {
      run(seed + schedule, 120);
    }
    System.out.println("sealed under load: " + underLoad);
  }

  @Test
  @Tag("integration")
  void theReplicaIsTheDatabaseAfterManySchedules() throws Exception {
    long seed = Long.getLong("tidewal.seed", System.nanoTime());
    System.out.println("RandomSchedulesTest seed " + seed);
    for (int schedule = 0; schedule < Integer.getInteger("tidewal.schedules", 6); schedule++) {
      run(seed + schedule, 400);
    }
    System.out.println("sealed under load: " + underLoad);
  }

  private void run(long seed, int steps) throws Exception {
    Path place = directory.resolve(Long.toHexString(seed));
    java.nio.file.Files.createDirectories(place);
    List<String> log = new ArrayList<>();
    try (Schedule schedule = new Schedule(place, new Random(seed), log)) {
      for (int step = 0; step < steps; step++) {
        schedule.step();
      }
      schedule.end();
      underLoad += log.stream().filter("sealed under load"::equals).count();
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + seed + "\n" + String.join("\n", log), e);
    }
  }

  /** One run. */
  private static final class Schedule implements AutoCloseable {
    private final Path database;
    private final Path scratch;
    private final Random random;
    private final List<String> log;
    private final DatabaseSettings settings;
    private Application application;
    private LiveDatabase live;
    private final Replay replica = new Replay();
    private @Nullable Capture outstanding;
    private Recorded recorded = Recorded.NOTHING;
    private boolean reading;
    private boolean open = true;
    private boolean inTransaction;

    Schedule(Path place, Random random, List<String> log) throws IOException {
      this.database = place.resolve("app.db");
      this.scratch = place.resolve("scratch");
      this.random = random;
      this.log = log;
      int pageSize = 512 << random.nextInt(8);
      int vacuum = random.nextInt(3);
      this.settings =
          new DatabaseSettings(
              Conversion.ALLOWED,
              random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(20),
              Duration.ofMillis(random.nextInt(40)),
              Duration.ofMillis(1 + random.nextInt(10)),
              random.nextInt(100_000),
              100_000 + random.nextInt(100_000),
              new SealListener() {
                @Override
                public void sealed(Duration took, Duration lockHeld) {
                  log.add(lockHeld.isZero() ? "sealed" : "sealed under load");
                }
              });
      log.add("page size " + pageSize + " auto_vacuum " + vacuum + " " + settings);
      application = Application.start(database);
      application.open("main", 30);
      application.sql("pragma page_size=" + pageSize);
      application.sql("pragma auto_vacuum=" + vacuum);
      application.sql("pragma journal_mode=wal");
      setUpConnection();
      application.sql("create table t(id integer primary key, x)");
      live = LiveDatabase.open(database, settings, Recorded.NOTHING);
      take(live.full());
    }

    private void setUpConnection() throws IOException {
      application.sql("pragma cache_size=" + (random.nextBoolean() ? 5 : 200));
      application.sql("pragma wal_autocheckpoint=" + (random.nextBoolean() ? 1000 : 20));
      application.sql("pragma synchronous=" + random.nextInt(3));
      application.open("other", 30);
    }

    void step() throws Exception {
      int choice = random.nextInt(100);
      if (choice < 45) {
        application();
      } else {
        follower();
      }
    }

    private void application() throws Exception {
      if (!open) {
        application.open("main", 30);
        setUpConnection();
        open = true;
        log.add("open");
        return;
      }
      int choice = random.nextInt(100);
      if (choice < 30) {
        sql("insert into t(x) " + rows(1 + random.nextInt(40)) + blob(), "main");
      } else if (choice < 38) {
        sql("insert into t(x) " + rows(1 + random.nextInt(10)) + blob(), "other");
      } else if (choice < 44) {
        sql("insert into t(x) " + rows(200 + random.nextInt(800)) + blob(), "main");
      } else if (choice < 52) {
        sql("update t set x=randomblob(length(x)) where id%7=" + random.nextInt(7), "main");
      } else if (choice < 60) {
        sql("delete from t where id%3=" + random.nextInt(3), "main");
      } else if (choice < 63) {
        sql("pragma incremental_vacuum(" + random.nextInt(50) + ")", "main");
      } else if (choice < 64) {
        sql("vacuum", "main");
      } else if (choice < 70) {
        transaction();
      } else if (choice < 85) {
        String mode = new String[] {"passive", "full", "restart", "truncate"}[random.nextInt(4)];
        sql("pragma wal_checkpoint(" + mode + ")", random.nextBoolean() ? "main" : "other");
      } else if (choice < 88) {
        sql("create table if not exists u" + random.nextInt(5) + "(a unique, b)", "main");
      } else if (choice < 90) {
        sql("drop table if exists u" + random.nextInt(5), "other");
      } else if (choice < 94) {
        hold();
      } else if (choice < 99 && !inTransaction && !reading) {
        log.add("close");
        application.closeConnection("main");
        application.closeConnection("other");
        open = false;
      } else {
        log.add("kill");
        application.kill();
        application = Application.start(database);
        open = false;
        reading = false;
        inTransaction = false;
      }
    }

    private void transaction() throws IOException {
      if (inTransaction) {
        sql(random.nextBoolean() ? "commit" : "rollback", "main");
        inTransaction = false;
      } else {
        inTransaction = true;
        sql("begin", "main");
        sql("insert into t(x) " + rows(500) + blob(), "main");
        sql("savepoint s", "main");
        sql("delete from t where id%2=0", "main");
        sql(random.nextBoolean() ? "rollback to s" : "release s", "main");
      }
    }

    private void hold() throws IOException {
      if (reading) {
        log.add("release");
        application.release("other");
      } else {
        log.add("hold");
        application.hold("other", "select 1 from t union all select 2");
      }
      reading = !reading;
    }

    private String rows(int count) {
      return "with recursive n(i) as (select 1 union all select i+1 from n where i<" + count + ")";
    }

    private String blob() {
      return " select randomblob(" + random.nextInt(random.nextBoolean() ? 100 : 3000) + ") from n";
    }

    private void sql(String text, String connection) {
      String answer;
      try {
        answer = application.sql(connection, text);
      } catch (IOException e) {
        answer = String.valueOf(e.getMessage());
      }
      log.add(connection + ": " + text + " = " + answer);
    }

    private void follower() throws Exception {
      Capture held = outstanding;
      int choice = random.nextInt(100);
      if (held != null) {
        if (choice < 40) {
          log.add("settle " + held);
          take(held);
          outstanding = null;
        } else if (choice < 60) {
          log.add("abandon " + held);
          live.abandon(held);
          outstanding = null;
        } else {
          log.add("tend " + live.tend());
        }
      } else if (choice < 45) {
        log.add("tend " + live.tend());
      } else if (choice < 75) {
        outstanding = live.capture(1 + random.nextInt(200_000)).orElse(null);
        log.add("captured " + outstanding);
      } else if (choice < 77) {
        outstanding = live.full();
        log.add("captured " + outstanding);
      } else if (choice < 80) {
        outstanding = live.difference(replica::checksum);
        log.add("captured " + outstanding);
      } else if (choice < 95) {
        catchUp();
        compare();
      } else {
        restart();
      }
      assertThat(live.event()).isEmpty();
    }

    private void catchUp() throws IOException {
      for (Optional<Capture> next = live.capture(1 + random.nextInt(100_000));
          next.isPresent();
          next = live.capture(1 + random.nextInt(100_000))) {
        log.add("took " + next.get());
        take(next.get());
      }
    }

    private void take(Capture capture) throws IOException {
      replica.apply(capture);
      live.settle(capture);
      recorded = new Recorded(capture.to(), capture.commit(), live.tend().backfilled());
    }

    /** The follower's process ends and another one goes on; the application may act meanwhile. */
    private void restart() throws Exception {
      live.close();
      outstanding = null;
      int meanwhile = random.nextInt(4);
      for (int i = 0; i < meanwhile; i++) {
        application();
      }
      live = LiveDatabase.open(database, settings, recorded);
      log.add("restarted: " + live.continuity());
      if (!(live.continuity() instanceof Continuity.Proven)) {
        take(live.difference(replica::checksum));
      }
    }

    /** An open transaction of the application is not part of the committed state. */
    private void compare() throws IOException, SQLException {
      replica.assertEqualTo(CommittedState.of(database, scratch));
      log.add("compared");
    }

    void end() throws Exception {
      Capture held = outstanding;
      if (held != null) {
        live.abandon(held);
      }
      catchUp();
      compare();
    }

    @Override
    public void close() throws IOException {
      application.close();
      live.close();
    }
  }
}
