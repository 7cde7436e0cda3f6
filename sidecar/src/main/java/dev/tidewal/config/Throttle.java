package dev.tidewal.config;

import dev.tidewal.core.ByteSize;
import java.util.Optional;

/** Limits of the traffic to a store; empty = none. */
public record Throttle(Optional<ByteSize> bytesPerSecond, Optional<Integer> requestsPerSecond) {}
