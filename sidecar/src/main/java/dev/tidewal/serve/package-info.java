/**
 * The HTTP side of a running sidecar: {@code /metrics}, {@code /healthz}, {@code /readyz}, {@code
 * /status} and {@code POST /v1/sync}.
 *
 * <p>Reads {@link dev.tidewal.supervisor.Databases} and counts what {@link
 * dev.tidewal.replicate.ReplicationEvents} tells. Invariants: no answer but that of a sync waits
 * for a store; what a client can make us hold is bounded; a database that left leaves no series
 * behind. Start reading at {@link dev.tidewal.serve.StatusServer}.
 */
@NullMarked
package dev.tidewal.serve;

import org.jspecify.annotations.NullMarked;
