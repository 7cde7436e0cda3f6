package dev.tidewal.operator.reconcile;

import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.sidecar.Layout;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMap with the authorities behind our servers, in every namespace that has a replication:
 * for its pods to mount, and without an owner, as many need it. Every replica of the operator may
 * write it.
 */
public final class Authorities {
  private final KubernetesClient client;
  private final Set<String> watched;
  private volatile String published = "";

  /**
   * For one installation.
   *
   * @param watched namespaces whose replications are followed; empty: all
   */
  public Authorities(KubernetesClient client, Set<String> watched) {
    this.client = client;
    this.watched = Set.copyOf(watched);
  }

  /**
   * Writes it wherever it differs; nothing if that was done before.
   *
   * @param certificates PEM
   * @throws KubernetesClientException when a namespace could not have it; the others have
   */
  public void publish(String certificates) {
    if (certificates.equals(published)) {
      return;
    }
    @Nullable KubernetesClientException last = null;
    for (String namespace : namespaces()) {
      try {
        publish(client, namespace, certificates);
      } catch (KubernetesClientException failed) {
        last = failed;
      }
    }
    if (last != null) {
      throw last;
    }
    published = certificates;
  }

  private Set<String> namespaces() {
    var replications = client.resources(SqliteReplication.class);
    Stream<List<SqliteReplication>> lists =
        watched.isEmpty()
            ? Stream.of(replications.inAnyNamespace().list().getItems())
            : watched.stream().map(name -> replications.inNamespace(name).list().getItems());
    Set<String> namespaces = new TreeSet<>();
    lists
        .flatMap(List::stream)
        .map(replication -> replication.getMetadata().getNamespace())
        .forEach(namespaces::add);
    return namespaces;
  }

  /** Writes it in one namespace, if it differs. */
  static void publish(KubernetesClient client, String namespace, String certificates) {
    Map<String, String> wanted = Map.of("ca.crt", certificates);
    ConfigMap there =
        client.configMaps().inNamespace(namespace).withName(Layout.AUTHORITY_MAP).get();
    if (there == null || !wanted.equals(there.getData())) {
      ConfigMap map =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace(namespace)
              .withName(Layout.AUTHORITY_MAP)
              .withLabels(Map.of(ReplicationReconciler.MANAGED_BY, ReplicationReconciler.TIDEWAL))
              .endMetadata()
              .withData(wanted)
              .build();
      client
          .resource(map)
          .fieldManager(ReplicationReconciler.TIDEWAL)
          .forceConflicts()
          .serverSideApply();
    }
  }
}
