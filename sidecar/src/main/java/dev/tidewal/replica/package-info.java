/**
 * Where replicas are kept: one {@link dev.tidewal.replica.ReplicaClient} for each kind of store,
 * and decorators.
 *
 * <p>Invariants: no partial object is ever visible; "not found" is definite and never retried; a
 * condition that the store can't keep is reported, not assumed. Start reading at {@link
 * dev.tidewal.replica.ReplicaClient}.
 */
@NullMarked
package dev.tidewal.replica;

import org.jspecify.annotations.NullMarked;
