/**
 * Runs many databases: their replicators, shared pools, the directory watch, and the shutdown.
 *
 * <p>Invariant: what all databases share (part buffers, threads, budgets) is bounded, whatever
 * their number. Start reading at {@link dev.tidewal.supervisor.Databases}.
 */
@NullMarked
package dev.tidewal.supervisor;

import org.jspecify.annotations.NullMarked;
