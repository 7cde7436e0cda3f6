package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/**
 * How a second writer is kept out before it starts. That the store's conditional writes keep it out
 * of the replica, wherever they work, is no setting.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record FencingSpec(
    @JsonPropertyDescription(
            "What to do with a workload whose strategy or replicas can run two pods on one database"
                + " or on one replica: refuse its pods, or warn.")
        @Default("Refuse")
        @Nullable Overlap overlap) {

  /** Of pods that could run at the same time. */
  public enum Overlap {
    Refuse,
    Warn
  }
}
