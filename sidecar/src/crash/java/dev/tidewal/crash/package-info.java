/**
 * Kills real processes at random moments and judges by content what is left.
 *
 * <p>{@link dev.tidewal.crash.CrashTest} drives rounds; {@link dev.tidewal.crash.Application} is
 * the victim that writes, in a process of its own, a database whose every state proves itself
 * ({@link dev.tidewal.crash.Ledger}).
 */
@NullMarked
package dev.tidewal.crash;

import org.jspecify.annotations.NullMarked;
