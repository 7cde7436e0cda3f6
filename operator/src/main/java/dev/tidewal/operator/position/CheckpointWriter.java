package dev.tidewal.operator.position;

import dev.tidewal.core.PositionReport;
import dev.tidewal.crds.CheckpointSpec;
import dev.tidewal.crds.DatabaseStatus;
import dev.tidewal.crds.SqliteCheckpoint;
import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.inject.Annotations;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.Closeable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes what sidecars said to the SqliteCheckpoint of their replication.
 *
 * <p>At most one write in ten seconds for each replication, or in one where a database came, went
 * or changed its state, and at most twenty a second in all; what came meanwhile goes together.
 * Another replica of the operator may write the same object: then it is read and merged anew. A
 * sidecar does not repeat what was taken, so what could not be written is kept and tried again, for
 * a quarter of an hour. Safe for many threads.
 */
public final class CheckpointWriter implements Closeable {
  private static final Logger LOG = System.getLogger(CheckpointWriter.class.getName());
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(10);
  private static final Duration BETWEEN_URGENT_WRITES = Duration.ofSeconds(1);
  private static final Duration BETWEEN_ALL_WRITES = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LAST_WRITES = Duration.ofSeconds(5);
  private static final int CONFLICTS = 5;
  private static final int TRIES = 20;

  /** As many pods that said something are looked for, as some of them may be gone. */
  private static final int MANY_PODS = 50;

  /** Answers that another try would not change: gone, or refused for what it is. */
  private static final Set<Integer> HOPELESS =
      Set.of(
          HttpURLConnection.HTTP_NOT_FOUND,
          HttpURLConnection.HTTP_BAD_REQUEST,
          HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
          422);

  private final KubernetesClient client;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("tidewal-checkpoints").factory());
  private final Map<Key, Waiting> waiting = new ConcurrentHashMap<>();
  private volatile boolean isClosing;

  /** A replication. */
  private record Key(String namespace, String name) {}

  /** Reports that are not written yet, by pod; guarded by itself. */
  private static final class Waiting {
    final Map<String, PositionReport> reports = new LinkedHashMap<>();

    /** What there will be with them, as far as this replica knows. Tells what is urgent. */
    List<DatabaseStatus> known = List.of();

    long lastNanos = System.nanoTime() - BETWEEN_WRITES.toNanos();
    long dueNanos;
    int failures;
    @Nullable Future<?> scheduled;
  }

  public CheckpointWriter(KubernetesClient client) {
    this.client = client;
  }

  /** Takes a report for the replication of its pod; it is written soon. */
  void take(PodIdentity pod, PositionReport report) {
    Key key = new Key(pod.namespace(), pod.replication());
    Waiting record = waiting.computeIfAbsent(key, _ -> new Waiting());
    synchronized (record) {
      List<DatabaseStatus> after = Reports.merged(record.known, pod.name(), report);
      boolean isUrgent = report.isFinal() || Reports.isUrgent(record.known, after);
      record.known = after;
      record.reports.remove(pod.name());
      record.reports.put(pod.name(), report);
      schedule(
          key,
          record,
          record.lastNanos + (isUrgent ? BETWEEN_URGENT_WRITES : BETWEEN_WRITES).toNanos());
    }
  }

  /** Or earlier, if it is scheduled so; after a failure nothing makes it earlier. */
  private void schedule(Key key, Waiting record, long dueNanos) {
    if (isClosing) {
      return;
    }
    if (record.scheduled != null) {
      if (record.failures > 0 || record.dueNanos - dueNanos <= 0) {
        return;
      }
      record.scheduled.cancel(false);
    }
    record.dueNanos = dueNanos;
    record.scheduled =
        thread.schedule(
            () -> writeNow(key, record),
            Math.max(0, dueNanos - System.nanoTime()),
            TimeUnit.NANOSECONDS);
  }

  private void writeNow(Key key, Waiting record) {
    Map<String, PositionReport> reports;
    boolean isRetry;
    synchronized (record) {
      reports = new LinkedHashMap<>(record.reports);
      record.reports.clear();
      isRetry = record.failures > 0;
      record.scheduled = null;
      record.lastNanos = System.nanoTime();
    }
    if (reports.isEmpty()) {
      return;
    }
    try {
      written(key, record, write(key, reports, isRetry));
      if (!isClosing) {
        Thread.sleep(BETWEEN_ALL_WRITES);
      }
    } catch (RuntimeException refused) {
      refused(key, record, reports, refused);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void written(Key key, Waiting record, Optional<List<DatabaseStatus>> there) {
    synchronized (record) {
      record.failures = 0;
      record.known = Reports.merged(there.orElse(List.of()), record.reports);
      if (there.isEmpty() && record.reports.isEmpty()) {
        waiting.remove(key, record);
      }
    }
  }

  private void refused(
      Key key, Waiting record, Map<String, PositionReport> reports, RuntimeException refused) {
    boolean isOver;
    synchronized (record) {
      record.failures++;
      isOver = isHopeless(refused) || record.failures >= TRIES;
      if (isOver) {
        record.failures = 0;
        if (record.reports.isEmpty()) {
          waiting.remove(key, record);
        }
      } else {
        reports.forEach(record.reports::putIfAbsent);
        schedule(key, record, System.nanoTime() + pause(record.failures).toNanos());
      }
    }
    LOG.log(
        Level.WARNING,
        "positions of {0}/{1} could not be written, {2}: {3}",
        key.namespace(),
        key.name(),
        isOver ? "and are dropped" : "they will be tried again",
        refused.getMessage());
  }

  private static boolean isHopeless(RuntimeException refused) {
    return refused instanceof KubernetesClientException answer
        && HOPELESS.contains(answer.getCode());
  }

  private static Duration pause(int failures) {
    Duration pause = Duration.ofSeconds(1L << Math.min(failures, 6));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** What is there now; empty: nothing, because there is no such replication. */
  private Optional<List<DatabaseStatus>> write(
      Key key, Map<String, PositionReport> reports, boolean isRetry) {
    for (int attempt = 1; ; attempt++) {
      SqliteCheckpoint there =
          client
              .resources(SqliteCheckpoint.class)
              .inNamespace(key.namespace())
              .withName(key.name())
              .get();
      List<DatabaseStatus> before =
          there == null || there.getSpec() == null ? List.of() : there.getSpec().databases();
      Map<String, PositionReport> news =
          isRetry ? Reports.withoutOutdated(before, reports) : reports;
      List<DatabaseStatus> after = bounded(key, Reports.merged(before, news), reports.keySet());
      try {
        if (there == null) {
          Optional<SqliteCheckpoint> fresh = fresh(key, after);
          if (fresh.isEmpty()) {
            return Optional.empty();
          }
          var _ = client.resource(fresh.get()).create();
        } else if (!Reports.areSame(after, before)) {
          there.setSpec(new CheckpointSpec(after));
          var _ = client.resource(there).lockResourceVersion().update();
        }
        return Optional.of(after);
      } catch (KubernetesClientException raced) {
        if (raced.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == CONFLICTS) {
          throw raced;
        }
      }
    }
  }

  private List<DatabaseStatus> bounded(
      Key key, List<DatabaseStatus> records, Set<String> speaking) {
    List<DatabaseStatus> newest = Reports.withoutOldest(records, speaking);
    return Reports.pods(newest).size() > MANY_PODS
        ? Reports.withoutGone(newest, living(key))
        : newest;
  }

  private Set<String> living(Key key) {
    return client
        .pods()
        .inNamespace(key.namespace())
        .withLabel(Annotations.REPLICATION_LABEL, key.name())
        .list()
        .getItems()
        .stream()
        .map(pod -> pod.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  /** Goes away with its replication; empty where there is none. */
  private Optional<SqliteCheckpoint> fresh(Key key, List<DatabaseStatus> databases) {
    SqliteReplication owner =
        client
            .resources(SqliteReplication.class)
            .inNamespace(key.namespace())
            .withName(key.name())
            .get();
    if (owner == null) {
      return Optional.empty();
    }
    SqliteCheckpoint checkpoint = new SqliteCheckpoint();
    ObjectMeta meta = new ObjectMeta();
    meta.setName(key.name());
    meta.setNamespace(key.namespace());
    checkpoint.setMetadata(meta);
    checkpoint.setSpec(new CheckpointSpec(databases));
    var _ = checkpoint.addOwnerReference(owner);
    return Optional.of(checkpoint);
  }

  /** Writes what waits, for a few seconds at most; close whoever calls {@link #take} before. */
  @Override
  public void close() {
    isClosing = true;
    waiting.forEach((key, record) -> {
      synchronized (record) {
        if (record.scheduled != null) {
          record.scheduled.cancel(false);
        }
      }
      thread.execute(() -> writeNow(key, record));
    });
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "ended before all positions were written");
        thread.shutdownNow();
      }
    } catch (InterruptedException hurried) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
