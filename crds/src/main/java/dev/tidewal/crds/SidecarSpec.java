package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import org.jspecify.annotations.Nullable;

/** The injected containers. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SidecarSpec(
    @JsonPropertyDescription("Image instead of the operator's own default.") @Nullable String image,
    @JsonPropertyDescription("Requests and limits of both injected containers.")
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription(
            "User that runs the injected containers. Default: that of the container which mounts the"
                + " database.")
        @Min(1)
        @Nullable Long runAsUser,
    @JsonPropertyDescription(
            "Group that runs the injected containers. Default: that of the container which mounts"
                + " the database.")
        @Min(1)
        @Nullable Long runAsGroup) {}
