package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** How to reach an S3 bucket; what COSI doesn't say, or says wrongly. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record S3Connection(
    @JsonPropertyDescription(
            "Name of the bucket, where the Secret has another one (static buckets).")
        @Size(min = 1, max = 255)
        @Nullable String bucket,
    @JsonPropertyDescription("Address of an S3-compatible store; a bare host means https.")
        @Pattern(Patterns.URL_OR_HOST)
        @Nullable String endpoint,
    @JsonPropertyDescription("Region of the bucket.") @Nullable String region,
    @JsonPropertyDescription(
            "Whether the bucket is in the path or in the host name. Default: Path with an endpoint"
                + " that is not AWS's.")
        @Nullable Addressing addressing,
    @JsonPropertyDescription("Certificates (PEM) to trust besides the public ones.")
        @Nullable CaSource ca) {

  /** Where the bucket's name stands in a request. */
  public enum Addressing {
    Path,
    Virtual
  }
}
