/**
 * One live SQLite database: follows its WAL beside the application without a gap, without a lock
 * held for long, and without writing anything into it.
 *
 * <p>Invariant: from the first capture to the exit of the process the pin (a read transaction) is
 * never absent, and it moves or seals only when everything that the old pin saw is settled. No
 * descriptor of the database file is closed while SQLite has the file open in this process. May use
 * {@code wal} and {@code ltx}. Start reading at {@link dev.tidewal.database.LiveDatabase}, then
 * {@link dev.tidewal.database.Pins} and {@link dev.tidewal.database.Capture}.
 */
@NullMarked
package dev.tidewal.database;

import org.jspecify.annotations.NullMarked;
