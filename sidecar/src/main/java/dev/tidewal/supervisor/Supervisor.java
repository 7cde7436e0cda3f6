package dev.tidewal.supervisor;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.DatabaseSource;
import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.database.Wake;
import dev.tidewal.database.WalCheckpoint;
import dev.tidewal.fence.Choice;
import dev.tidewal.fence.Clocks;
import dev.tidewal.fence.Moment;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.replica.ReplicaSettings;
import dev.tidewal.replica.RetryPolicy;
import dev.tidewal.replica.StoreProbe;
import dev.tidewal.replicate.ReplicationEvents;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.replicate.SpoolBudget;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs all databases of a configuration, each on a virtual thread of its own, with everything else
 * shared. Thread-safe.
 */
public final class Supervisor implements Databases, Closeable {
  private final Configuration configuration;
  private final Shared shared;
  private final ReplicaClients clients;
  private final AtomicReference<Moment> moment;
  private final Map<Path, Running> runs = new ConcurrentSkipListMap<>();
  private final List<DirectoryScan> scans = new ArrayList<>();

  private record OpenStores(ReplicaClients clients) implements Shared.Stores {
    @Override
    public ReplicaClient open(ReplicaSettings settings) {
      return clients.open(settings);
    }

    @Override
    public boolean keepsConditions(ReplicaSettings settings) {
      return StoreProbe.run(settings, clients).conditionalCreate();
    }
  }

  private record Running(DatabaseRun run, Thread thread) {}

  /**
   * What the command line adds to a configuration.
   *
   * @param moment whether applications may run on the databases when replication starts
   * @param choice what a user decided by name
   * @param takeOverFrom a cluster to take replicas over from
   * @param clusterId our Kubernetes cluster, empty outside of one
   * @param pod uid of this pod, empty outside of Kubernetes
   */
  public record Circumstances(
      Moment moment, Choice choice, Optional<String> takeOverFrom, String clusterId, String pod) {
    public static final Circumstances BESIDE_APPLICATION =
        new Circumstances(Moment.BESIDE_APPLICATION, Choice.NONE, Optional.empty(), "", "");
  }

  private final Optional<EarlyCollection> earlyCollection = EarlyCollection.start();

  private Supervisor(
      Configuration configuration,
      Shared shared,
      ReplicaClients clients,
      AtomicReference<Moment> moment) {
    this.moment = moment;
    this.configuration = configuration;
    this.shared = shared;
    this.clients = clients;
  }

  /** Starts replication; returns at once. */
  public static Supervisor start(
      Configuration configuration, Circumstances circumstances, ReplicationEvents events)
      throws IOException {
    ReplicaClients clients =
        new ReplicaClients(
            ReplicaClients.DEFAULT_BUFFERS,
            RetryPolicy.DEFAULT,
            type ->
                (operation, code, took, bytes) ->
                    events.request(type, operation, code, took, bytes));
    AtomicReference<Moment> moment = new AtomicReference<>(circumstances.moment());
    Shared shared =
        new Shared(
            new OpenStores(clients),
            events,
            Clocks.SYSTEM,
            Wake.start(),
            new Chores(),
            circumstances.clusterId(),
            circumstances.takeOverFrom(),
            circumstances.choice(),
            circumstances.pod(),
            moment::get,
            new SpoolBudget(configuration.spoolLimit()),
            configuration.shutdownTimeout());
    Supervisor supervisor = new Supervisor(configuration, shared, clients, moment);
    CollectionAtRest.start(shared.chores());
    supervisor.startAll();
    return supervisor;
  }

  private void startAll() throws IOException {
    for (DatabaseConfig config : configuration.databases()) {
      switch (config.source()) {
        case DatabaseSource.File(Path path) -> start(path, config);
        case DatabaseSource.Directory directory ->
            scans.add(
                DirectoryScan.start(
                    directory,
                    shared.wake(),
                    shared.chores(),
                    found -> config.at(found).ifPresent(each -> start(found, each))));
      }
    }
  }

  private void start(Path database, DatabaseConfig config) {
    runs.computeIfAbsent(
        database,
        path -> {
          DatabaseRun run = new DatabaseRun(path, config, shared);
          return new Running(run, Thread.ofVirtual().name("database " + path).start(run::run));
        });
  }

  @Override
  public List<ReplicationStatus> statuses() {
    return runs.values().stream().map(running -> running.run().status()).toList();
  }

  @Override
  public Position sync(String database, Duration wait) {
    return await(run(database).sync(), database, wait);
  }

  @Override
  public Position snapshot(String database, Duration wait) {
    return await(run(database).snapshot(), database, wait);
  }

  @Override
  public WalCheckpoint.Report checkpoint(String database, WalCheckpoint.Mode mode, Duration wait) {
    long start = System.nanoTime();
    // The pin moves on only from what is durable, and a checkpoint gets no further than the pin.
    var _ = sync(database, wait);
    try {
      Duration left = wait.minusNanos(System.nanoTime() - start);
      return WalCheckpoint.run(Path.of(database), mode, left);
    } catch (IOException e) {
      throw new TidewalException.Refused(database + " can't be checkpointed: " + e.getMessage(), e);
    }
  }

  private DatabaseRun run(String database) {
    Running running = runs.get(Path.of(database).toAbsolutePath().normalize());
    if (running == null) {
      throw new TidewalException.Usage(
          "no database " + database + " is replicated here; there are " + runs.keySet());
    }
    return running.run();
  }

  private static Position await(
      CompletableFuture<Position> future, String database, Duration wait) {
    try {
      return future.get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.cancel(false);
      throw new TidewalException.StoreUnreachable(
          database + " is not durable after " + wait.toSeconds() + " s; see its status", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TidewalException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TidewalException.Cancelled("interrupted while waiting for " + database, e);
    }
  }

  /**
   * An application is about to run: starts that are decided from now on leave its files in place.
   * Those that are under way when this returns may still replace a file.
   */
  public void applicationStarts() {
    moment.set(Moment.BESIDE_APPLICATION);
  }

  /** Whether no database will replicate any more without a person. */
  public boolean isOver() {
    return scans.isEmpty() && runs.values().stream().allMatch(running -> running.run().isOver());
  }

  /** Ends replication after a final sync of all databases at once, within the shutdown timeout. */
  public void stop() throws InterruptedException {
    scans.forEach(DirectoryScan::close);
    List<Running> all = new ArrayList<>(runs.values());
    all.forEach(running -> running.run().stop());
    long deadline = System.nanoTime() + configuration.shutdownTimeout().plusSeconds(2).toNanos();
    for (Running running : all) {
      long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
      if (!running.thread().join(Duration.ofMillis(left))) {
        running.thread().interrupt();
        boolean ignored = running.thread().join(Duration.ofSeconds(2));
      }
    }
  }

  /** Frees what is shared; call {@link #stop} first. */
  @Override
  public void close() throws IOException {
    shared.chores().close();
    shared.wake().close();
    earlyCollection.ifPresent(EarlyCollection::close);
    clients.close();
  }
}
