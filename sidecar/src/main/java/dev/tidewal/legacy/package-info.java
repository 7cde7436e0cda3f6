/**
 * Reads replicas that Litestream 0.3 wrote: generations of snapshots and WAL segments.
 *
 * <p>Uses replica and wal. Reads only; nothing is ever written in this format. Invariant: a
 * restored state consists of whole segments without a gap, and every frame's checksum was verified.
 * Start reading at {@link dev.tidewal.legacy.GenerationPlan}.
 */
@NullMarked
package dev.tidewal.legacy;

import org.jspecify.annotations.NullMarked;
