/**
 * The SQLite write-ahead log format: header, frames, the running checksum, and where the last
 * commit ends.
 *
 * <p>Pure functions and streams over a read channel of the {@code -wal} file. Source:
 * sqlite.org/fileformat2.html section 4 and wal.c. Start reading at {@link
 * dev.tidewal.wal.WalHeader}.
 */
@NullMarked
package dev.tidewal.wal;

import org.jspecify.annotations.NullMarked;
