package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** What a pod does before its application starts. */
public record RestoreSpec(
    @JsonPropertyDescription(
            "IfMissing restores a database that is not in the volume when the replica has one. Never"
                + " starts with what the volume has. Required starts only with a database: there is"
                + " one in the volume, or it is restored.")
        @Default("IfMissing")
        @Nullable Policy policy) {

  /** Of a missing database. */
  public enum Policy {
    IfMissing,
    Never,
    Required
  }
}
