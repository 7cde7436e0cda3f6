/**
 * Carries commits from a live database to its destinations: capture, encode, append, settle.
 *
 * <p>Invariants: one upload in flight per database, strictly in order; a position is called durable
 * only after the store acknowledged it; a slow or absent store never blocks the application, and
 * disk use stays inside the limits. Start reading at {@link
 * dev.tidewal.replicate.ReplicationStatus}.
 */
@NullMarked
package dev.tidewal.replicate;

import org.jspecify.annotations.NullMarked;
