package dev.tidewal.crash;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.SplittableRandom;

/**
 * The application of the crash rounds: commits until it is killed, and appends the number of each
 * committed transaction to a journal, so that its driver knows what was promised. Checkpoints in
 * all modes, opens and closes at random.
 *
 * <p>Arguments: database, journal, seed.
 */
final class Application {
  private static final String[] MODES = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"};

  private Application() {}

  public static void main(String[] args) throws IOException, SQLException, InterruptedException {
    Path database = Path.of(args[0]);
    SplittableRandom random = new SplittableRandom(Long.parseLong(args[2]));
    try (RandomAccessFile journal = new RandomAccessFile(args[1], "rw")) {
      journal.seek(journal.length());
      while (true) {
        session(database, journal, random);
      }
    }
  }

  /**
   * From opening the database to closing it: the last connection of an application checkpoints when
   * it closes.
   */
  private static void session(Path database, RandomAccessFile journal, SplittableRandom random)
      throws IOException, SQLException, InterruptedException {
    int timeout = random.nextInt(3) == 0 ? 0 : 5000;
    int autocheckpoint = new int[] {0, 1, 100, 1000}[random.nextInt(4)];
    int commits = 20 + random.nextInt(2000);
    int pauseEvery = 1 + random.nextInt(60);
    try (Ledger ledger = open(database, timeout, autocheckpoint)) {
      for (int i = 0; i < commits; i++) {
        if (attempt(() -> ledger.transact(random))) {
          journal.write((ledger.state().transactions() + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        if (random.nextInt(120) == 0) {
          String mode = MODES[random.nextInt(MODES.length)];
          attempt(() -> ledger.checkpoint(mode));
        }
        if (random.nextInt(3000) == 0) {
          attempt(ledger::vacuum);
        }
        if (i % pauseEvery == 0) {
          Thread.sleep(random.nextInt(20));
        }
      }
    }
  }

  private static Ledger open(Path database, int timeout, int autocheckpoint)
      throws SQLException, InterruptedException {
    while (true) {
      try {
        return new Ledger(database, timeout, autocheckpoint);
      } catch (SQLException e) {
        rethrowUnlessBusy(e);
        Thread.sleep(5);
      }
    }
  }

  /** Runs a step; "database is locked" is part of an application's life. */
  private static boolean attempt(Step step) throws SQLException {
    try {
      step.run();
      return true;
    } catch (SQLException e) {
      rethrowUnlessBusy(e);
      return false;
    }
  }

  private static void rethrowUnlessBusy(SQLException e) throws SQLException {
    int primary = e.getErrorCode() & 0xff;
    if (primary != 5 && primary != 6) {
      throw e;
    }
  }

  private interface Step {
    void run() throws SQLException;
  }
}
