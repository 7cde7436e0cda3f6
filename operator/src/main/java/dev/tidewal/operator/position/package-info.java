/**
 * The position service: sidecars say here how far they are.
 *
 * <p>Every replica of the operator takes reports, for pods that prove by their token who they are,
 * and writes them to the SqliteCheckpoint of the replication under optimistic concurrency,
 * coalesced so that a busy cluster costs few writes. Nothing in a sidecar waits for it. Start at
 * {@link dev.tidewal.operator.position.PositionServer}.
 */
@NullMarked
package dev.tidewal.operator.position;

import org.jspecify.annotations.NullMarked;
