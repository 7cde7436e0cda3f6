package dev.tidewal.database;

import dev.tidewal.database.Continuity.Recorded;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Prints how long the commits of an application take alone and beside a follower: {@code main} for
 * people, not a test. Arguments: directory, then names of loads (all by default).
 */
final class CommitStalls {
  private CommitStalls() {}

  private enum Load {
    HUNDRED("1", "100", "100000", "10"),
    THOUSAND("1", "1000", "100000", "10"),
    SINGLE_ROWS("1", "0", "100000", "10"),
    BULK("2000", "0", "512", "60");

    private final String[] arguments;

    Load(String... arguments) {
      this.arguments = arguments;
    }
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    Files.createDirectories(directory);
    for (Load load : Load.values()) {
      if (args.length > 1 && !java.util.Arrays.asList(args).contains(load.name())) {
        continue;
      }
      for (String synchronous : new String[] {"normal"}) {
        for (int round = 0; round < 2; round++) {
          run(directory, load, synchronous, false, false);
          run(directory, load, synchronous, true, false);
        }
      }
      if (load == Load.BULK) {
        run(directory, load, "normal", true, true);
      }
    }
  }

  private static void run(
      Path directory, Load load, String synchronous, boolean follow, boolean reader)
      throws Exception {
    Path database = directory.resolve("stall.db");
    for (String suffix : new String[] {"", "-wal", "-shm"}) {
      Files.deleteIfExists(directory.resolve("stall.db" + suffix));
    }
    prepare(database);
    Process process = start(database, load, synchronous);
    Thread reading = Thread.ofPlatform().unstarted(() -> read(database));
    if (reader) {
      reading.start();
    }
    String seals = follow ? follow(database, process) : "alone";
    String line;
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      line = out.readLine();
    }
    process.waitFor();
    System.out.println(load + " " + synchronous + (reader ? " reader" : "") + ": " + line);
    System.out.println("    " + seals);
  }

  private static void prepare(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma journal_mode=wal");
      statement.execute("create table if not exists load(id integer primary key, x blob)");
    }
  }

  /** A reader of the application that takes 12 seconds; in this process, which is enough. */
  private static void read(Path database) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      Thread.sleep(500);
      statement.execute("begin");
      statement.executeQuery("select count(*) from load").close();
      Thread.sleep(12_000);
      statement.execute("rollback");
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Process start(Path database, Load load, String synchronous) throws IOException {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-XX:+UseSerialGC");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(CommitLoad.class.getName());
    command.add(database.toString());
    command.addAll(java.util.List.of(load.arguments));
    command.add(synchronous);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Follows until the application ends, as a replicator would that copies into memory. */
  private static String follow(Path database, Process process) throws Exception {
    Seals seals = new Seals();
    long[] bytes = new long[2];
    long largestWal = 0;
    long captures = 0;
    try (LiveDatabase live =
        LiveDatabase.open(
            database, DatabaseSettings.DEFAULTS.withListener(seals), Recorded.NOTHING)) {
      take(live, live.full(), bytes);
      while (process.isAlive()) {
        live.noticed(Instant.now());
        Optional<Capture> capture = live.capture(4 << 20);
        if (capture.isPresent()) {
          captures++;
          take(live, capture.get(), bytes);
        }
        WalHealth health = live.tend();
        largestWal = Math.max(largestWal, health.walBytes());
        if (capture.isEmpty()) {
          Thread.sleep(1);
        }
      }
    }
    return captures
        + " captures, "
        + (bytes[0] >> 20)
        + " MiB, largest WAL "
        + (largestWal >> 20)
        + " MiB, "
        + seals;
  }

  private static void take(LiveDatabase live, Capture capture, long[] bytes) throws IOException {
    capture.pages((pgno, page, offset) -> {
      bytes[0] += capture.pageSize();
      bytes[1] += page[offset];
    });
    live.settle(capture);
  }

  private static final class Seals implements SealListener {
    private int lockFree;
    private int underLoad;
    private int gaveUp;
    private Duration longestLock = Duration.ZERO;
    private Duration longest = Duration.ZERO;
    private Duration locked = Duration.ZERO;

    @Override
    public void sealed(Duration took, Duration lockHeld) {
      if (lockHeld.isZero()) {
        lockFree++;
      } else {
        underLoad++;
      }
      note(lockHeld);
      longest = took.compareTo(longest) > 0 ? took : longest;
    }

    @Override
    public void gaveUp(Duration lockHeld) {
      gaveUp++;
      note(lockHeld);
    }

    private void note(Duration lockHeld) {
      locked = locked.plus(lockHeld);
      longestLock = lockHeld.compareTo(longestLock) > 0 ? lockHeld : longestLock;
    }

    @Override
    public String toString() {
      return "seals "
          + lockFree
          + " lock-free, "
          + underLoad
          + " under load, "
          + gaveUp
          + " given up; lock held longest "
          + longestLock.toNanos() / 1000
          + " us, in all "
          + locked.toMillis()
          + " ms; longest seal "
          + longest.toMillis()
          + " ms";
    }
  }
}
