/**
 * What more than one Tidewal process speaks: positions in a replica, lag, the bucket and keys that
 * COSI hands out, and the errors that a user meets.
 *
 * <p>Values only; the one I/O is {@link dev.tidewal.core.BucketInfoFile}. Start reading at {@link
 * dev.tidewal.core.Position}, or at {@link dev.tidewal.core.BucketInfo}.
 */
@NullMarked
package dev.tidewal.core;

import org.jspecify.annotations.NullMarked;
