package dev.tidewal.operator.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewal.crds.ReplicationSpec;
import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.inject.Surroundings;
import java.util.Optional;

/** What an injection needs of the cluster. Implementations are safe for many threads. */
public interface ClusterView {
  /** The replication of that name. */
  Optional<SqliteReplication> replication(String namespace, String name);

  /** What is around a pod that is about to be created for a replication. */
  Surroundings surroundings(String namespace, JsonNode pod, Optional<ReplicationSpec> spec);
}
