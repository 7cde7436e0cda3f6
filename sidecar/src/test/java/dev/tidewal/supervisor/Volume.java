package dev.tidewal.supervisor;

import dev.tidewal.database.DatabaseSettings;
import dev.tidewal.fence.Choice;
import dev.tidewal.fence.Clocks;
import dev.tidewal.fence.Floor;
import dev.tidewal.fence.Moment;
import dev.tidewal.fence.RootMarkers;
import dev.tidewal.fence.Starter;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.state.PageChecksums;
import dev.tidewal.state.StateDirectory;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory with a database and its local state: can be copied as a crash or a volume snapshot
 * leaves it, and started without replicating.
 */
record Volume(Path directory) {
  /** The Kubernetes cluster that all replicas belong to. */
  static final String CLUSTER = "cluster-of-the-test";

  Path database() {
    return directory.resolve("app.db");
  }

  /**
   * What a kill at this moment leaves: files as they are, locks and mappings gone. Temporary files
   * of a sidecar that runs on may vanish meanwhile.
   */
  Volume copyTo(Path other) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path place, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(other.resolve(directory.relativize(place)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!file.toString().endsWith("-shm")) {
              try {
                Files.copy(file, other.resolve(directory.relativize(file)));
              } catch (NoSuchFileException vanished) {
                return FileVisitResult.CONTINUE;
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
    return new Volume(other);
  }

  /** A start up to the point where the database could be followed. */
  Begun begin(Path replica, Moment moment) throws IOException {
    ReplicaClient client = new FileReplicaClient(replica);
    StateDirectory state = StateDirectory.open(database(), Optional.empty());
    PageChecksums checksums = PageChecksums.open(state.pageChecksums(), state.scratch());
    RootMarkers markers =
        new RootMarkers(
            client,
            new RootMarkers.Wanted(CLUSTER, client.url(), Optional.empty(), false),
            () -> true);
    Starter starter =
        new Starter(
            client,
            state,
            markers,
            new Starter.Situation(moment, Floor.none(), Choice.NONE, ""),
            Clocks.SYSTEM);
    DatabaseSettings settings = DatabaseSettings.DEFAULTS;
    DatabaseStart start =
        new DatabaseStart(
            database(),
            client,
            state,
            checksums,
            starter,
            new DatabaseFacts(
                database(), directory.resolve("none"), client, settings, state.cleanStop()),
            settings,
            Clocks.SYSTEM.wall(),
            Optional::empty,
            report -> {},
            false);
    return new Begun(start.launch(), state, checksums, client);
  }

  /** One commit by an application that comes and goes; nobody checkpoints. */
  void commit(String sql) throws SQLException {
    try (Connection application = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = application.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The database files that a start kept aside. */
  List<Path> keptAside() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve(".app.db-tidewal/branches"))) {
      return files.filter(file -> file.endsWith("app.db")).toList();
    }
  }

  /** What a start came to, and all that it holds. */
  record Begun(Launch launch, StateDirectory state, PageChecksums checksums, ReplicaClient client)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      if (launch instanceof Launch.Run run) {
        run.database().close();
      }
      checksums.close();
      state.close();
      client.close();
    }
  }
}
