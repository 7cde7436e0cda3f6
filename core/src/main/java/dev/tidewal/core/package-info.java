/**
 * What more than one Tidewal process speaks: positions in a replica, lag, and the errors that a
 * user meets.
 *
 * <p>Values only, no I/O. Start reading at {@link dev.tidewal.core.Position}.
 */
@NullMarked
package dev.tidewal.core;

import org.jspecify.annotations.NullMarked;
