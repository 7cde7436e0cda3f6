package dev.tidewal.supervisor;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.ConfigurationReader;
import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.core.ByteSize;
import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.database.Wake;
import dev.tidewal.fence.Choice;
import dev.tidewal.fence.Clocks;
import dev.tidewal.fence.Moment;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.FileSettings;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaSettings;
import dev.tidewal.replicate.ReplicationEvents;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.replicate.SpoolBudget;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import dev.tidewal.testing.FaultyReplicaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.sqlite.SQLiteConnection;

/**
 * One database with its run on a file store that fails on command, and an application connection.
 */
final class Rig implements AutoCloseable {
  /** After an outage, pauses are about as long as it was; on a busy machine everything is. */
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  final Path directory;
  final Path database;
  final Path replica;
  final FaultyReplicaClient store;

  /** The store of the second destination, if there is one. */
  final FaultyReplicaClient otherStore;

  private final Wake wake;
  private final Chores chores = new Chores();
  private final Shared shared;
  private final String yaml;
  private Configuration configuration;
  private final SplittableRandom random = new SplittableRandom(1);
  private Connection application;
  private int restores;
  private DatabaseRun run;
  private Thread thread;

  Rig(Path directory, long walLimit, long spoolLimit) throws IOException, SQLException {
    this(new Volume(directory), directory.resolve("replica"), walLimit, spoolLimit, "", "", true);
  }

  /** Over what is there already. */
  Rig(Volume volume, Path replica) throws IOException, SQLException {
    this(volume, replica, "");
  }

  /**
   * The same.
   *
   * @param keys more keys of the destination, in YAML's short form: {@code levels: 1s, ...}
   */
  Rig(Volume volume, Path replica, String keys) throws IOException, SQLException {
    this(volume, replica, 256 << 20, 1 << 30, keys, "", true);
  }

  /** Over a store that ignores conditions. */
  static Rig unfenced(Volume volume, Path replica) throws IOException, SQLException {
    return new Rig(volume, replica, 256 << 20, 1 << 30, "", "", false);
  }

  /**
   * With a second destination, whose objects go to {@link #other}.
   *
   * @param place its keys that say where it is, in YAML's short form
   */
  static Rig withSecond(Volume volume, Path replica, String place)
      throws IOException, SQLException {
    return withSecond(volume, replica, place, "");
  }

  /**
   * The same.
   *
   * @param keys more keys of the first destination
   */
  static Rig withSecond(Volume volume, Path replica, String place, String keys)
      throws IOException, SQLException {
    return new Rig(volume, replica, 256 << 20, 1 << 30, keys, place, true);
  }

  private Rig(
      Volume volume,
      Path replica,
      long walLimit,
      long spoolLimit,
      String keys,
      String second,
      boolean keepsConditions)
      throws IOException, SQLException {
    this.directory = volume.directory();
    this.replica = replica;
    database = volume.database();
    store = new FaultyReplicaClient(new FileReplicaClient(replica));
    otherStore = new FaultyReplicaClient(new FileReplicaClient(other()));
    wake = Wake.start();
    shared =
        new Shared(
            new Shared.Stores() {
              @Override
              public ReplicaClient open(ReplicaSettings settings) {
                boolean isFirst =
                    settings instanceof FileSettings(Path root) && root.equals(replica);
                return isFirst ? store : otherStore;
              }

              @Override
              public boolean keepsConditions(ReplicaSettings settings) {
                return keepsConditions;
              }
            },
            ReplicationEvents.NONE,
            Clocks.SYSTEM,
            wake,
            chores,
            Volume.CLUSTER,
            Optional.empty(),
            Choice.NONE,
            "",
            () -> Moment.BESIDE_APPLICATION,
            new SpoolBudget(new ByteSize(spoolLimit)),
            Duration.ofSeconds(20));
    yaml =
        "databases:\n  - path: "
            + database
            + "\n    wal-limit: "
            + walLimit
            + "\n    destinations:\n      - path: "
            + replica
            + "\n        type: file\n        sync-interval: 10ms\n"
            + keys.lines().map(key -> "        " + key + "\n").collect(joining())
            + (second.isEmpty() ? "" : "      - {name: second, " + second + "}\n");
    configuration = parse(yaml);
    application = connect();
    execute("PRAGMA journal_mode=WAL");
    execute("PRAGMA synchronous=OFF");
    execute("CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, body BLOB)");
    run = new DatabaseRun(database, configuration.databases().getFirst(), shared);
    thread = new Thread(run::run);
  }

  private static Configuration parse(String yaml) throws IOException {
    return new ConfigurationReader(Map.of(), true).parse(yaml, "rig.yml").configuration();
  }

  /** From the next start on. */
  void restoreIfMissing() throws IOException {
    configuration =
        parse(yaml.replace("    wal-limit", "    restore-if-missing: true\n    wal-limit"));
  }

  Rig start() {
    return start(configuration.databases().getFirst());
  }

  /** With a database that is restored when it is missing. */
  Rig startRestoring() {
    return start(configuration.databases().getFirst().withRestoreIfMissing(true));
  }

  private Rig start(DatabaseConfig config) {
    run = new DatabaseRun(database, config, shared);
    thread = Thread.ofVirtual().start(run::run);
    return this;
  }

  /** Commits {@code count} rows of about {@code bytes} each, in transactions of ten. */
  void commit(int count, int bytes) throws SQLException {
    application.setAutoCommit(false);
    try (PreparedStatement insert = application.prepareStatement("INSERT INTO t(body) VALUES(?)")) {
      for (int i = 0; i < count; i++) {
        byte[] body = new byte[bytes];
        random.nextBytes(body);
        insert.setBytes(1, body);
        insert.executeUpdate();
        if (i % 10 == 9) {
          application.commit();
        }
      }
    }
    application.commit();
    application.setAutoCommit(true);
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = application.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The application closes its connection. */
  void closeApplication() throws SQLException {
    application.close();
  }

  /** The application opens its connection again. */
  void openApplication() throws SQLException {
    application.close();
    application = connect();
  }

  /** The database as the application sees it, page by page. */
  byte[] content() throws SQLException {
    return application.unwrap(SQLiteConnection.class).serialize("main");
  }

  /** The directory of the second destination. */
  Path other() {
    return replica.resolveSibling("other");
  }

  Position sync() throws Exception {
    return run.sync().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  CompletableFuture<Position> snapshot() {
    return run.snapshot();
  }

  ReplicationStatus status() {
    return run.status();
  }

  long walBytes() throws IOException {
    Path wal = Path.of(database + "-wal");
    return Files.exists(wal) ? Files.size(wal) : 0;
  }

  /** The replica restores to exactly what the application has. */
  void assertReplicaIsTheDatabase() throws IOException, SQLException {
    application.close();
    application = connect();
    await().atMost(PATIENCE).until(this::truncates);
    Path restored = directory.resolve("restored.db");
    Files.deleteIfExists(restored);
    new Restorer(new FileReplicaClient(replica), RestoreOptions.DEFAULT, RestoreListener.NONE)
        .restore(RestoreTarget.LATEST, restored);
    assertThat(Files.mismatch(restored, database)).as("first byte that differs").isEqualTo(-1);
  }

  /** How many rows a restore to a TXID has. */
  long rowsAt(Txid txid) throws IOException, SQLException {
    return rows(replica, new RestoreTarget.AtTxid(txid));
  }

  /** How many rows a restore of the newest state of the second destination has. */
  long rowsOfOther() throws IOException, SQLException {
    return rows(other(), RestoreTarget.LATEST);
  }

  private long rows(Path from, RestoreTarget target) throws IOException, SQLException {
    Path restored = directory.resolve("restored-" + restores++ + ".db");
    new Restorer(new FileReplicaClient(from), RestoreOptions.DEFAULT, RestoreListener.NONE)
        .restore(target, restored);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + restored);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
      return row.getLong(1);
    }
  }

  /** The application's own checkpoint, which a pin may hold up for a moment. */
  private boolean truncates() throws SQLException {
    try (Statement statement = application.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
      return row.next() && row.getInt(1) == 0;
    }
  }

  void stop() throws InterruptedException {
    run.stop();
    assertThat(thread.join(PATIENCE)).as("the run ends").isTrue();
  }

  @Override
  public void close() throws IOException, SQLException {
    store.heal();
    otherStore.heal();
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    application.close();
    chores.close();
    wake.close();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database);
  }
}
