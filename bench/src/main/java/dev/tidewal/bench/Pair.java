package dev.tidewal.bench;

import java.util.Optional;

/**
 * The same measurement of both contenders.
 *
 * @param peer empty where there is no peer, or its measurement failed
 * @param ours empty where the measurement failed
 */
record Pair<T>(Optional<T> peer, Optional<T> ours) {}
