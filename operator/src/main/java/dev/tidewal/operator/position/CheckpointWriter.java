package dev.tidewal.operator.position;

import dev.tidewal.core.PositionReport;
import dev.tidewal.crds.CheckpointSpec;
import dev.tidewal.crds.DatabaseStatus;
import dev.tidewal.crds.SqliteCheckpoint;
import dev.tidewal.crds.SqliteReplication;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.Closeable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Writes what sidecars said to the SqliteCheckpoint of their replication.
 *
 * <p>At most one write in ten seconds for each replication, except where a database came, went or
 * changed its state, and at most twenty a second in all; what came meanwhile goes together. Another
 * replica of the operator may write the same object: then it is read and merged anew. Safe for many
 * threads.
 */
public final class CheckpointWriter implements Closeable {
  private static final Logger LOG = System.getLogger(CheckpointWriter.class.getName());
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(10);
  private static final Duration BETWEEN_ALL_WRITES = Duration.ofMillis(50);
  private static final int ATTEMPTS = 5;

  private final KubernetesClient client;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("tidewal-checkpoints").factory());
  private final Map<Key, Waiting> waiting = new ConcurrentHashMap<>();

  /** A replication. */
  private record Key(String namespace, String name) {}

  /** Reports that are not written yet, by pod, and when the last write was. */
  private static final class Waiting {
    final Map<String, PositionReport> reports = new HashMap<>();
    List<DatabaseStatus> written = List.of();
    long lastNanos = System.nanoTime() - BETWEEN_WRITES.toNanos();
    boolean isScheduled;
  }

  public CheckpointWriter(KubernetesClient client) {
    this.client = client;
  }

  /** Takes a report; it is written soon. */
  void take(PodIdentity pod, String replication, PositionReport report) {
    Key key = new Key(pod.namespace(), replication);
    Waiting record = waiting.computeIfAbsent(key, _ -> new Waiting());
    synchronized (record) {
      record.reports.put(pod.name(), report);
      if (record.isScheduled) {
        return;
      }
      List<DatabaseStatus> after = Reports.merged(record.written, pod.name(), report);
      if (after.equals(record.written)) {
        record.reports.remove(pod.name());
        return;
      }
      boolean isUrgent = report.isFinal() || Reports.isUrgent(record.written, after);
      long dueNanos =
          isUrgent ? 0 : record.lastNanos + BETWEEN_WRITES.toNanos() - System.nanoTime();
      record.isScheduled = true;
      var _ =
          thread.schedule(() -> writeNow(key, record), Math.max(0, dueNanos), TimeUnit.NANOSECONDS);
    }
  }

  private void writeNow(Key key, Waiting record) {
    Map<String, PositionReport> reports;
    synchronized (record) {
      reports = Map.copyOf(record.reports);
      record.reports.clear();
      record.isScheduled = false;
      record.lastNanos = System.nanoTime();
    }
    try {
      List<DatabaseStatus> written = write(key, reports);
      synchronized (record) {
        record.written = written;
      }
      Thread.sleep(BETWEEN_ALL_WRITES);
    } catch (KubernetesClientException refused) {
      LOG.log(
          Level.WARNING,
          "positions of {0}/{1} could not be written, the next report tries again: {2}",
          key.namespace(),
          key.name(),
          refused.getMessage());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private List<DatabaseStatus> write(Key key, Map<String, PositionReport> reports) {
    for (int attempt = 1; ; attempt++) {
      SqliteCheckpoint there =
          client
              .resources(SqliteCheckpoint.class)
              .inNamespace(key.namespace())
              .withName(key.name())
              .get();
      List<DatabaseStatus> merged = there == null ? List.of() : there.getSpec().databases();
      for (Map.Entry<String, PositionReport> report : reports.entrySet()) {
        merged = Reports.merged(merged, report.getKey(), report.getValue());
      }
      try {
        if (there == null) {
          var _ = client.resource(fresh(key, merged)).create();
        } else if (!merged.equals(there.getSpec().databases())) {
          there.setSpec(new CheckpointSpec(merged));
          var _ = client.resource(there).lockResourceVersion().update();
        }
        return merged;
      } catch (KubernetesClientException raced) {
        if (raced.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
          throw raced;
        }
      }
    }
  }

  /** Goes away with its replication. */
  private SqliteCheckpoint fresh(Key key, List<DatabaseStatus> databases) {
    SqliteCheckpoint checkpoint = new SqliteCheckpoint();
    ObjectMeta meta = new ObjectMeta();
    meta.setName(key.name());
    meta.setNamespace(key.namespace());
    checkpoint.setMetadata(meta);
    checkpoint.setSpec(new CheckpointSpec(databases));
    SqliteReplication owner =
        client
            .resources(SqliteReplication.class)
            .inNamespace(key.namespace())
            .withName(key.name())
            .get();
    if (owner != null) {
      var _ = checkpoint.addOwnerReference(owner);
    }
    return checkpoint;
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
