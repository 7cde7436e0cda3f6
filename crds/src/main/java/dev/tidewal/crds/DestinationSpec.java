package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One store. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "[has(self.cosi), has(self.s3), has(self.file)].filter(x, x).size() == 1",
    message = "a destination has exactly one of cosi, s3 and file")
@ValidationRule(
    value = "!has(self.prefix) || self.prefix.contains('{database}')",
    message = "prefix must contain {database}: two databases never share a replica")
@ValidationRule(
    value = "!has(self.prefix) || self.prefix.matches('" + Patterns.PREFIX + "')",
    message =
        "in prefix {pod} stands alone between slashes, and other braces are those of {namespace},"
            + " {name} and {database}")
@ValidationRule(
    value = "!has(self.prefix) || !self.prefix.contains('..')",
    message = "prefix must not contain '..'")
public record DestinationSpec(
    @JsonPropertyDescription("Name in status and metrics, and by which a restore chooses it.")
        @Pattern(Patterns.DNS_LABEL)
        @Size(max = 40)
        @Default("primary")
        @Nullable String name,
    @JsonPropertyDescription("A bucket that COSI provisions or knows.") @Nullable CosiSpec cosi,
    @JsonPropertyDescription("A bucket of an S3-compatible store.") @Nullable S3Spec s3,
    @JsonPropertyDescription("A directory of a volume that the container with the database mounts.")
        @Nullable FileSpec file,
    @JsonPropertyDescription(
            "Path in the bucket or below the directory. {namespace}, {name}, {pod} and {database}"
                + " are filled in; {pod} only in pods of a StatefulSet, and it stands alone between"
                + " slashes. Must contain {database}.")
        @Default("'{namespace}/{name}/{pod}/{database}'")
        @Size(max = 512)
        @Nullable String prefix) {

  /** A directory of a volume. */
  @ValidationRule(value = "!self.path.contains('..')", message = "path must not contain '..'")
  public record FileSpec(
      @JsonPropertyDescription("Directory in the container, such as /backup.")
          @Required
          @Pattern(Patterns.ABSOLUTE_PATH)
          @Size(max = 1024)
          String path) {}
}
