package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A bucket of an S3-compatible store. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record S3Spec(
    @JsonPropertyDescription("Name of the bucket.") @Required @Size(min = 1, max = 255)
        String bucket,
    @JsonPropertyDescription(
            "Address of an S3-compatible store; a bare host means https. Default: AWS.")
        @Pattern(Patterns.URL_OR_HOST)
        @Nullable String endpoint,
    @JsonPropertyDescription("Region of the bucket.") @Nullable String region,
    @JsonPropertyDescription(
            "Whether the bucket is in the path or in the host name. Default: Path with an endpoint"
                + " that is not AWS's.")
        S3Connection.@Nullable Addressing addressing,
    @JsonPropertyDescription("Certificates (PEM) to trust besides the public ones.")
        @Nullable CaSource ca,
    @JsonPropertyDescription(
            "Secret with the keys. Without it the identity of the pod is used (web identity,"
                + " instance role).")
        @Nullable Credentials credentials) {

  /** Keys in a Secret, by the names of its entries. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Credentials(
      @JsonPropertyDescription("Secret in the namespace of the replication.")
          @Required
          @Pattern(Patterns.DNS_NAME)
          String secretName,
      @JsonPropertyDescription("Entry of the access key. Default AWS_ACCESS_KEY_ID.")
          @Nullable String accessKeyIdKey,
      @JsonPropertyDescription("Entry of the secret key. Default AWS_SECRET_ACCESS_KEY.")
          @Nullable String secretAccessKeyKey,
      @JsonPropertyDescription("Entry of a session token. Default: none.")
          @Nullable String sessionTokenKey) {}
}
