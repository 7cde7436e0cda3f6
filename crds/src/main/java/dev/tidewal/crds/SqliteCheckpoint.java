package dev.tidewal.crds;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * What the sidecars of one SqliteReplication of the same name have said: internal to the operator,
 * whose replicas all write it, under optimistic concurrency. Status is a view of it.
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
public final class SqliteCheckpoint extends CustomResource<CheckpointSpec, Void>
    implements Namespaced {
  private static final long serialVersionUID = 1;
}
