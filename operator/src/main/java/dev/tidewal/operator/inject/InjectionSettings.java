package dev.tidewal.operator.inject;

import java.time.Duration;
import java.util.Optional;

/**
 * What the installation decides.
 *
 * @param image of the sidecar, for replications that name none
 * @param positionUrl base address of the position service; empty: positions are not reported
 * @param leastGracePeriod time that a pod has to end at least, so that the last commits get out
 * @param clusterId what tells this cluster from others that write to the same store; empty: not
 *     known
 */
public record InjectionSettings(
    String image, Optional<String> positionUrl, Duration leastGracePeriod, String clusterId) {}
