package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** The last word of each sidecar about each of its databases. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CheckpointSpec(
    @JsonPropertyDescription("One record for each database of each pod.")
        List<DatabaseStatus> databases) {

  public CheckpointSpec {
    databases = databases == null ? List.of() : List.copyOf(databases);
  }
}
