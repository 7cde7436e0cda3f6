package dev.tidewal.operator.reconcile;

import dev.tidewal.crds.CheckpointSpec;
import dev.tidewal.crds.DatabaseStatus;
import dev.tidewal.crds.DestinationSpec;
import dev.tidewal.crds.ReplicationStatus;
import dev.tidewal.crds.SqliteCheckpoint;
import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.cosi.BucketState;
import dev.tidewal.operator.cosi.CosiBuckets;
import dev.tidewal.operator.inject.Annotations;
import dev.tidewal.operator.sidecar.Layout;
import dev.tidewal.operator.sidecar.SidecarConfiguration;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Observes, decides, acts and records, for one SqliteReplication at a time. */
@ControllerConfiguration(name = "sqlitereplication")
@GradualRetry(maxAttempts = ReplicationReconciler.FOR_EVER, maxInterval = 60_000)
public final class ReplicationReconciler implements Reconciler<SqliteReplication> {
  static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  static final String TIDEWAL = "tidewal";
  private static final int LONGEST_MESSAGE_CHARS = 512;
  static final int FOR_EVER = -1;

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
        new InformerEventSource<>(pods(context).build(), context),
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(SqliteCheckpoint.class, SqliteReplication.class)
                .withSecondaryToPrimaryMapper(
                    checkpoint -> Set.of(ResourceID.fromResource(checkpoint)))
                .build(),
            context));
  }

  private static InformerEventSourceConfiguration.Builder<Pod> pods(
      EventSourceContext<SqliteReplication> context) {
    InformerEventSourceConfiguration.Builder<Pod> pods =
        InformerEventSourceConfiguration.from(Pod.class, SqliteReplication.class)
            .withLabelSelector(Annotations.REPLICATION_LABEL)
            .withSecondaryToPrimaryMapper(ReplicationReconciler::byLabel);
    // One store would serve the informers of all namespaces, of which each removes what it has not.
    return context.getControllerConfiguration().getInformerConfig().watchAllNamespaces()
        ? pods.withItemStore(new TransformingItemStore<>(ReplicationReconciler::pruned))
        : pods;
  }

  /** What a pod weighs, and nobody asks for. */
  private static Pod pruned(Pod pod) {
    pod.getMetadata().setManagedFields(null);
    pod.setSpec(new PodSpec());
    Optional<String> phase = Optional.ofNullable(pod.getStatus()).map(PodStatus::getPhase);
    PodStatus status = new PodStatus();
    phase.ifPresent(status::setPhase);
    pod.setStatus(status);
    return pod;
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
    Authorities.publish(
        context.getClient(), replication.getMetadata().getNamespace(), authorities.get());
    Observed observed = observe(replication, context, problem);
    ReplicationStatus status = StatusView.of(observed, clock.instant());
    UpdateControl<SqliteReplication> update =
        observed.before().filter(status::equals).isPresent()
            ? UpdateControl.noUpdate()
            : UpdateControl.patchStatus(onlyStatus(replication, status));
    NextLook.after(
            replication.getSpec().destinations(),
            observed.bucket(),
            since(status, "BucketReady"),
            clock.instant())
        .ifPresent(update::rescheduleAfter);
    return update;
  }

  private static Instant since(ReplicationStatus status, String type) {
    return Objects.requireNonNullElse(status.conditions(), List.<Condition>of()).stream()
        .filter(condition -> type.equals(condition.getType()))
        .map(condition -> Instant.parse(condition.getLastTransitionTime()))
        .findFirst()
        .orElse(Instant.EPOCH);
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

  private Observed observe(
      SqliteReplication replication, Context<SqliteReplication> context, Optional<String> problem) {
    List<Pod> living =
        context.getSecondaryResourcesAsStream(Pod.class).filter(pod -> !hasEnded(pod)).toList();
    List<DatabaseStatus> records =
        context
            .getSecondaryResource(SqliteCheckpoint.class)
            .map(SqliteCheckpoint::getSpec)
            .map(CheckpointSpec::databases)
            .orElse(List.of());
    return new Observed(
        replication.getMetadata().getGeneration(),
        replication.getSpec(),
        Optional.ofNullable(replication.getStatus()),
        problem,
        bucket(replication),
        Records.current(
            records,
            living.stream().map(pod -> pod.getMetadata().getName()).collect(Collectors.toSet())),
        (int)
            living.stream().filter(pod -> pod.getMetadata().getDeletionTimestamp() == null).count(),
        0);
  }

  private static boolean hasEnded(Pod pod) {
    return Optional.ofNullable(pod.getStatus())
        .map(PodStatus::getPhase)
        .filter(phase -> phase.equals("Succeeded") || phase.equals("Failed"))
        .isPresent();
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
    try {
      return cosi.advance(
          replication.getMetadata().getNamespace(),
          name,
          Layout.name(destination),
          Objects.requireNonNull(destination.cosi(), "one of three, by the definition"),
          Map.of(MANAGED_BY, TIDEWAL, Annotations.REPLICATION_LABEL, name));
    } catch (KubernetesClientException refused) {
      String message = String.valueOf(refused.getMessage());
      return new BucketState.NotReady(
          "", "ApiError", message.substring(0, Math.min(message.length(), LONGEST_MESSAGE_CHARS)));
    }
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
