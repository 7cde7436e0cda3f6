package dev.tidewal.operator.reconcile;

import dev.tidewal.crds.CheckpointSpec;
import dev.tidewal.crds.DestinationSpec;
import dev.tidewal.crds.ReplicationStatus;
import dev.tidewal.crds.SqliteCheckpoint;
import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.cosi.BucketState;
import dev.tidewal.operator.cosi.CosiBuckets;
import dev.tidewal.operator.inject.Annotations;
import dev.tidewal.operator.sidecar.Layout;
import dev.tidewal.operator.sidecar.SidecarConfiguration;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Observes, decides, acts and records, for one SqliteReplication at a time. */
@ControllerConfiguration(name = "sqlitereplication")
public final class ReplicationReconciler implements Reconciler<SqliteReplication> {
  static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  static final String TIDEWAL = "tidewal";

  /** Until a bucket is there, whose objects may be of a kind that the cluster learns later. */
  private static final Duration LOOK_FOR_BUCKET = Duration.ofSeconds(5);

  private final CosiBuckets cosi;
  private final Supplier<String> authorities;
  private final InstantSource clock;

  /**
   * One for all replications.
   *
   * @param authorities certificates (PEM) that sidecars need to trust the position service
   */
  public ReplicationReconciler(
      CosiBuckets cosi, Supplier<String> authorities, InstantSource clock) {
    this.cosi = cosi;
    this.authorities = authorities;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, SqliteReplication>> prepareEventSources(
      EventSourceContext<SqliteReplication> context) {
    return List.of(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ConfigMap.class, SqliteReplication.class)
                .withLabelSelector(MANAGED_BY + "=" + TIDEWAL + "," + Annotations.REPLICATION_LABEL)
                .withSecondaryToPrimaryMapper(ReplicationReconciler::byLabel)
                .build(),
            context),
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, SqliteReplication.class)
                .withLabelSelector(Annotations.REPLICATION_LABEL)
                .withSecondaryToPrimaryMapper(ReplicationReconciler::byLabel)
                .build(),
            context),
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(SqliteCheckpoint.class, SqliteReplication.class)
                .withSecondaryToPrimaryMapper(
                    checkpoint -> Set.of(ResourceID.fromResource(checkpoint)))
                .build(),
            context));
  }

  private static Set<ResourceID> byLabel(HasMetadata resource) {
    String name =
        Objects.requireNonNullElse(resource.getMetadata().getLabels(), Map.<String, String>of())
            .get(Annotations.REPLICATION_LABEL);
    return name == null
        ? Set.of()
        : Set.of(new ResourceID(name, resource.getMetadata().getNamespace()));
  }

  @Override
  public UpdateControl<SqliteReplication> reconcile(
      SqliteReplication replication, Context<SqliteReplication> context) {
    Optional<String> problem = configure(replication, context);
    publishAuthorities(replication.getMetadata().getNamespace(), context);
    Observed observed = observe(replication, context, problem);
    ReplicationStatus status = StatusView.of(observed, clock.instant());
    UpdateControl<SqliteReplication> update =
        observed.before().filter(status::equals).isPresent()
            ? UpdateControl.noUpdate()
            : UpdateControl.patchStatus(onlyStatus(replication, status));
    return observed.bucket() instanceof BucketState.NotReady
        ? update.rescheduleAfter(LOOK_FOR_BUCKET)
        : update;
  }

  /**
   * Writes the sidecars' configuration, if it differs.
   *
   * @return why it can't be written
   */
  private static Optional<String> configure(
      SqliteReplication replication, Context<SqliteReplication> context) {
    String namespace = replication.getMetadata().getNamespace();
    String name = replication.getMetadata().getName();
    Map<String, String> wanted;
    try {
      wanted =
          Map.of(
              Layout.CONFIGURATION_FILE,
              SidecarConfiguration.yaml(namespace, name, replication.getSpec()));
    } catch (IllegalArgumentException impossible) {
      return Optional.of(String.valueOf(impossible.getMessage()));
    }
    Optional<ConfigMap> there = context.getSecondaryResource(ConfigMap.class);
    if (there.map(ConfigMap::getData).filter(wanted::equals).isEmpty()) {
      ConfigMap map =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace(namespace)
              .withName(Layout.configMap(name))
              .withLabels(Map.of(MANAGED_BY, TIDEWAL, Annotations.REPLICATION_LABEL, name))
              .endMetadata()
              .withData(wanted)
              .build();
      var _ = map.addOwnerReference(replication);
      context.getClient().resource(map).fieldManager(TIDEWAL).forceConflicts().serverSideApply();
    }
    return Optional.empty();
  }

  /** Each namespace has a copy, for its pods to mount; without an owner, as many need it. */
  private void publishAuthorities(String namespace, Context<SqliteReplication> context) {
    Map<String, String> wanted = Map.of("ca.crt", authorities.get());
    ConfigMap there =
        context
            .getClient()
            .configMaps()
            .inNamespace(namespace)
            .withName(Layout.AUTHORITY_MAP)
            .get();
    if (there == null || !wanted.equals(there.getData())) {
      ConfigMap map =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace(namespace)
              .withName(Layout.AUTHORITY_MAP)
              .withLabels(Map.of(MANAGED_BY, TIDEWAL))
              .endMetadata()
              .withData(wanted)
              .build();
      context.getClient().resource(map).fieldManager(TIDEWAL).forceConflicts().serverSideApply();
    }
  }

  private Observed observe(
      SqliteReplication replication, Context<SqliteReplication> context, Optional<String> problem) {
    int pods =
        (int)
            context
                .getSecondaryResourcesAsStream(Pod.class)
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .count();
    return new Observed(
        replication.getMetadata().getGeneration(),
        replication.getSpec(),
        Optional.ofNullable(replication.getStatus()),
        problem,
        bucket(replication),
        context
            .getSecondaryResource(SqliteCheckpoint.class)
            .map(SqliteCheckpoint::getSpec)
            .map(CheckpointSpec::databases)
            .orElse(List.of()),
        pods,
        0);
  }

  /**
   * Of all destinations, so that each is brought on its way; the first that is not ready counts.
   */
  private BucketState bucket(SqliteReplication replication) {
    List<BucketState> states =
        replication.getSpec().destinations().stream()
            .map(destination -> bucket(replication, destination))
            .toList();
    return states.stream()
        .filter(BucketState.NotReady.class::isInstance)
        .findFirst()
        .orElse(states.getFirst());
  }

  private BucketState bucket(SqliteReplication replication, DestinationSpec destination) {
    if (destination.s3() != null) {
      return new BucketState.Ready(destination.s3().bucket());
    }
    if (destination.file() != null) {
      return new BucketState.Ready(destination.file().path());
    }
    String name = replication.getMetadata().getName();
    return cosi.advance(
        replication.getMetadata().getNamespace(),
        name,
        Layout.name(destination),
        Objects.requireNonNull(destination.cosi(), "one of three, by the definition"),
        Map.of(MANAGED_BY, TIDEWAL, Annotations.REPLICATION_LABEL, name));
  }

  /** Identity and status, as server-side apply wants it. */
  private static SqliteReplication onlyStatus(
      SqliteReplication replication, ReplicationStatus status) {
    SqliteReplication patch = new SqliteReplication();
    ObjectMeta meta = new ObjectMeta();
    meta.setName(replication.getMetadata().getName());
    meta.setNamespace(replication.getMetadata().getNamespace());
    patch.setMetadata(meta);
    patch.setStatus(status);
    return patch;
  }
}
