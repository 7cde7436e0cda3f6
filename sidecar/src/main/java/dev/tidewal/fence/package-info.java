/**
 * Who may write a replica: its head, the claim, the append, and what a starting sidecar does.
 *
 * <p>Uses replica, state, ltx and wal. Invariants: a start that refuses or waits writes nothing; an
 * object is acknowledged only under our own owner id, with exactly what the store holds; a writer
 * that lost the replica finds out before it acknowledges anything. Start reading at {@link
 * dev.tidewal.fence.StartPlan} (the decision), then {@link dev.tidewal.fence.Chain} (the claim and
 * everything after it). docs/recovery.md has the table with the messages.
 */
@NullMarked
package dev.tidewal.fence;

import org.jspecify.annotations.NullMarked;
