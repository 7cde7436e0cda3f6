package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import org.jspecify.annotations.Nullable;

/** Full snapshots and retention. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SnapshotSpec(
    @JsonPropertyDescription("Time between full snapshots. Default 24h.")
        @Pattern(Patterns.DURATION)
        @Nullable String interval,
    @JsonPropertyDescription("Window in which states stay restorable in steps of 30s. Default 24h.")
        @Pattern(Patterns.DURATION)
        @Nullable String retention) {}
