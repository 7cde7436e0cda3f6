package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** How a second writer of a replica is kept out. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record FencingSpec(
    @JsonPropertyDescription(
            "Auto uses the store's conditional writes where a probe shows that they work. Off trusts"
                + " that there is one writer.")
        @Default("Auto")
        @Nullable Mode mode,
    @JsonPropertyDescription("What to do on a store that cannot keep a second writer out.")
        @Default("Warn")
        @Nullable Unfenced unfenced,
    @JsonPropertyDescription(
            "What to do with a Deployment whose strategy or replicas can run two pods on one"
                + " database: refuse its pods, or warn.")
        @Default("Refuse")
        @Nullable Overlap overlap) {

  /** Where fencing comes from. */
  public enum Mode {
    Auto,
    Off
  }

  /** On a store without conditional writes. */
  public enum Unfenced {
    Warn,
    Refuse
  }

  /** Of pods that could run at the same time. */
  public enum Overlap {
    Refuse,
    Warn
  }
}
