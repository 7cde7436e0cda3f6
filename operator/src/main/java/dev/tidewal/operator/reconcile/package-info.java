/**
 * Keeps what belongs to a SqliteReplication as it should be, and says how far it is.
 *
 * <p>Observe, decide, act, record: {@link dev.tidewal.operator.reconcile.ReplicationReconciler}
 * does the input and output, everything that it concludes is a pure function over {@link
 * dev.tidewal.operator.reconcile.Observed}. Status is written by nobody else, and only when it
 * differs.
 */
@NullMarked
package dev.tidewal.operator.reconcile;

import org.jspecify.annotations.NullMarked;
