/**
 * Tells the operator how far this sidecar is: the position service of DESIGN's Kubernetes part.
 *
 * <p>Nothing here is waited for: an operator that is away, slow or wrong changes nothing about
 * replication, and hears of it again. Uses the running databases as the HTTP server does. Start at
 * {@link dev.tidewal.report.PositionReporter}.
 */
@NullMarked
package dev.tidewal.report;

import org.jspecify.annotations.NullMarked;
