package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person asks for.
 *
 * <p>Absent values are null here: what they mean is decided in one place, where the sidecar's
 * configuration is written.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.destinations.all(d, self.destinations.exists_one(o, o.name == d.name))",
    message = "two destinations have the same name: names are how restores choose one")
public record ReplicationSpec(
    @JsonPropertyDescription("Databases in the volumes of the annotated pods.")
        @Required
        @Size(min = 1, max = 50)
        List<DatabaseSpec> databases,
    @JsonPropertyDescription(
            "Where to replicate to. The first is the authority: it decides who may write and what is"
                + " durable; the others follow it.")
        @Required
        @Size(min = 1, max = 4)
        List<DestinationSpec> destinations,
    @JsonPropertyDescription(
            "Sustained time between uploads; a lone commit does not wait for it. Default 1s, 100ms"
                + " for file destinations.")
        @Pattern(Patterns.DURATION)
        @Nullable String syncInterval,
    @JsonPropertyDescription("Full snapshots and how long states stay restorable.")
        @Nullable SnapshotSpec snapshot,
    @JsonPropertyDescription("Bounds of disk, bandwidth and requests.") @Nullable LimitsSpec limits,
    @JsonPropertyDescription("What a pod does whose database is not in its volume.")
        @Nullable RestoreSpec restore,
    @JsonPropertyDescription("How a second writer is kept out.") @Nullable FencingSpec fencing,
    @JsonPropertyDescription("The injected containers.") @Nullable SidecarSpec sidecar,
    @JsonPropertyDescription(
            "Stops replication: new pods start without the sidecar, running ones go on until they"
                + " are replaced.")
        @Default("false")
        @Nullable Boolean paused) {

  public ReplicationSpec {
    databases = copy(databases);
    destinations = copy(destinations);
  }

  public boolean isPaused() {
    return Boolean.TRUE.equals(paused);
  }

  /** Jackson gives null for what a resource leaves out. */
  private static <T> List<T> copy(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
