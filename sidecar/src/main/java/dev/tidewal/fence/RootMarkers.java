package dev.tidewal.fence;

import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Reads, checks and makes the root marker of one replica. */
public final class RootMarkers {
  private final ReplicaClient client;
  private final Wanted wanted;
  private final BooleanSupplier keepsConditions;

  /**
   * What this process expects of a marker.
   *
   * @param clusterId our Kubernetes cluster, empty outside of one
   * @param store endpoint and bucket, as one line
   * @param takeOverFrom the cluster id that a user named to take the replica over from
   * @param refuseUnfenced a setting: no replication without fencing
   */
  public record Wanted(
      String clusterId, String store, Optional<String> takeOverFrom, boolean refuseUnfenced) {}

  /**
   * For one replica.
   *
   * @param keepsConditions the probe: whether the store lets exactly one of many conditional
   *     creates win; asked only when the marker doesn't know
   */
  public RootMarkers(ReplicaClient client, Wanted wanted, BooleanSupplier keepsConditions) {
    this.client = client;
    this.wanted = wanted;
    this.keepsConditions = keepsConditions;
  }

  /** The marker, or empty for a replica that has none; writes nothing. */
  public Optional<RootMarker> read() {
    return client.readDocument(RootMarker.NAME).map(bytes -> RootMarker.parse(bytes, where()));
  }

  /**
   * The same, refused when the replica belongs to another cluster and nobody named it.
   *
   * @throws TidewalException.Refused naming the other cluster and the cure
   */
  public Optional<RootMarker> readOurs() {
    Optional<RootMarker> found = read();
    found.ifPresent(this::checkCluster);
    return found;
  }

  /**
   * The marker that goes with a claim: the one that is there, or a new one. Only the first of two
   * that make it at once makes it.
   */
  public RootMarker ensure() {
    Optional<RootMarker> found = readOurs();
    RootMarker marker = found.map(this::adapted).orElseGet(this::fresh);
    if (wanted.refuseUnfenced && marker.fencing() == Fencing.UNFENCED) {
      throw new TidewalException.Refused(
          client.url()
              + " can't refuse a second writer (it ignores If-None-Match); use a store that can, or"
              + " allow unfenced replication");
    }
    if (found.filter(marker::equals).isPresent()) {
      return marker;
    }
    return found.isPresent() ? replace(marker) : create(marker);
  }

  private RootMarker create(RootMarker marker) {
    try {
      client.writeDocument(RootMarker.NAME, marker.toJson(), marker.fencing().writeMode());
      return marker;
    } catch (TidewalException.PreconditionFailed othersWasFirst) {
      return readOurs()
          .orElseThrow(
              () -> new TidewalException.StoreUnreachable(where() + " comes and goes; try again"));
    }
  }

  private RootMarker replace(RootMarker marker) {
    client.writeDocument(RootMarker.NAME, marker.toJson(), WriteMode.REPLACE);
    return marker;
  }

  private RootMarker fresh() {
    byte[] id = new byte[16];
    new SecureRandom().nextBytes(id);
    return new RootMarker(HexFormat.of().formatHex(id), wanted.clusterId, probed(), wanted.store);
  }

  /** The marker under a takeover, or in another store than the one that was probed. */
  private RootMarker adapted(RootMarker found) {
    String cluster = isTakeover(found) ? wanted.clusterId : found.clusterId();
    boolean moved = !found.store().equals(wanted.store);
    Fencing fencing = moved ? probed() : found.fencing();
    if (found.fencing() == Fencing.CONDITIONAL_CREATE && fencing == Fencing.UNFENCED) {
      throw new TidewalException.Refused(
          client.url()
              + " was fenced at "
              + found.store()
              + " and its store now ignores If-None-Match; move it to a store that keeps it");
    }
    return new RootMarker(found.databaseId(), cluster, fencing, wanted.store);
  }

  private Fencing probed() {
    return keepsConditions.getAsBoolean() ? Fencing.CONDITIONAL_CREATE : Fencing.UNFENCED;
  }

  private void checkCluster(RootMarker found) {
    boolean ours = found.clusterId().isEmpty() || found.clusterId().equals(wanted.clusterId);
    if (!ours && !isTakeover(found)) {
      throw new TidewalException.Refused(
          client.url()
              + " belongs to cluster "
              + found.clusterId()
              + "; use another prefix, or take it over with --take-over-from "
              + found.clusterId());
    }
  }

  private boolean isTakeover(RootMarker found) {
    return wanted.takeOverFrom.filter(found.clusterId()::equals).isPresent();
  }

  private String where() {
    return client.url() + " .tidewal/" + RootMarker.NAME;
  }
}
