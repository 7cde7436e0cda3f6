package dev.tidewal.crds;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Databases of pods and where they are replicated to. A pod takes part with the annotation {@code
 * tidewal.dev/inject: <name>}.
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("sqr")
@Categories("sqlite")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Lag", jsonPath = ".status.lag")
@AdditionalPrinterColumn(name = "Durable", jsonPath = ".status.durableTxid")
@AdditionalPrinterColumn(
    name = "Last-Snapshot",
    jsonPath = ".status.lastSnapshotTime",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Txid", jsonPath = ".status.txid", priority = 1)
@AdditionalPrinterColumn(name = "Bucket", jsonPath = ".status.bucket", priority = 1)
@AdditionalPrinterColumn(name = "Pod", jsonPath = ".status.pod", priority = 1)
public final class SqliteReplication extends CustomResource<ReplicationSpec, ReplicationStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1;
}
