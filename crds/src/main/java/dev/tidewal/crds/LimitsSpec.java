package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import org.jspecify.annotations.Nullable;

/** Bounds of what replication takes. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LimitsSpec(
    @JsonPropertyDescription(
            "How large a WAL may grow on replication's behalf before changes are spooled. Default"
                + " 256MiB.")
        @Pattern(Patterns.SIZE)
        @Nullable String wal,
    @JsonPropertyDescription(
            "Disk that waiting changes of a pod may take while a store does not answer. Default"
                + " 1GiB; 10 % of the disk always stay free.")
        @Pattern(Patterns.SIZE)
        @Nullable String spool,
    @JsonPropertyDescription("Most bytes a second to and from a store. Default: no bound.")
        @Pattern(Patterns.SIZE)
        @Nullable String bandwidth,
    @JsonPropertyDescription("Most requests a second to a store. Default: no bound.") @Min(1)
        @Nullable Integer requests) {}
