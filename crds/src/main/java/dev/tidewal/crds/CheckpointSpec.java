package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last word of each sidecar about each of its databases. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CheckpointSpec(
    @JsonPropertyDescription("One record for each database of each pod.")
        @Nullable List<DatabaseStatus> databases) {

  public CheckpointSpec {
    databases = databases == null ? List.of() : List.copyOf(databases);
  }
}
