/**
 * A seeded simulator of owners, crashes, pauses, power losses, moved and old volumes, and of a
 * store whose requests are lost, late or repeated, around the real {@code Starter}, {@code Claims},
 * {@code Chain} and {@code HeadReader}.
 *
 * <p>One schedule is one seed: every process runs in a thread of its own, but only one at a time,
 * and the world decides at each request and each state write who goes on. {@code Ledger} holds what
 * must stay true. Start reading at {@link dev.tidewal.fence.simulator.World}; a failing seed
 * replays with {@code -Dsimulator.seed=N}, which also prints what happened.
 */
@NullMarked
package dev.tidewal.fence.simulator;

import org.jspecify.annotations.NullMarked;
