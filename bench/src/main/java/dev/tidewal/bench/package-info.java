/**
 * Measures Tidewal beside a peer in the same run, on the same generated load.
 *
 * <p>Everything runs as its own process and is judged from outside: commits by the application's
 * clock, visibility by the appearance of the LTX file that holds them, CPU and memory by /proc.
 * Start reading at {@link dev.tidewal.bench.SideBySide}; JMH benchmarks are beside it.
 */
@NullMarked
package dev.tidewal.bench;

import org.jspecify.annotations.NullMarked;
