/**
 * Brings a database back from its replica: plan, download, apply, check, rename; follow as a read
 * replica; verify.
 *
 * <p>Uses legacy, replica, ltx and wal. Invariant: no file appears under its final name unless
 * every byte of every object that went into it was verified; nothing newer than asked for is
 * restored; what can't be restored exactly is refused with the missing TXIDs named. Start reading
 * at {@link dev.tidewal.restore.RestorePlan}, then {@link dev.tidewal.restore.Restorer}.
 */
@NullMarked
package dev.tidewal.restore;

import org.jspecify.annotations.NullMarked;
