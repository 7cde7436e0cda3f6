/**
 * What one sidecar remembers of one database: the directory {@code .<db>-tidewal/}.
 *
 * <p>Uses core, ltx and wal only. Invariants: one process per state directory; an owner id is on
 * disk before anyone else can see it; no torn write loses both the last and the one before last
 * acknowledged state; a page's checksum never claims more than the replica holds. Start reading at
 * {@link dev.tidewal.state.StateDirectory}, then {@link dev.tidewal.state.PageChecksums}.
 */
@NullMarked
package dev.tidewal.state;

import org.jspecify.annotations.NullMarked;
