package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A bucket by the Container Object Storage Interface: an access or a Secret that is there, an
 * access to a claim that is there, or both created for this replication.
 *
 * <p>A claim that was created is never deleted again: with its class's policy {@code Delete} that
 * would delete the backup.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "[has(self.secretName), has(self.bucketAccessName), has(self.bucketClaimName),"
            + " has(self.bucketClassName)].filter(x, x).size() == 1",
    message =
        "give exactly one of secretName, bucketAccessName, bucketClaimName and bucketClassName")
@ValidationRule(
    value =
        "(has(self.bucketClaimName) || has(self.bucketClassName)) =="
            + " has(self.bucketAccessClassName)",
    message =
        "bucketAccessClassName is needed with bucketClaimName and bucketClassName, and only there")
public record CosiSpec(
    @JsonPropertyDescription("Secret of a BucketAccess, in any format that COSI has had.")
        @Pattern(Patterns.DNS_NAME)
        @Nullable String secretName,
    @JsonPropertyDescription("A BucketAccess that is there; its Secret is used.")
        @Pattern(Patterns.DNS_NAME)
        @Nullable String bucketAccessName,
    @JsonPropertyDescription("A BucketClaim that is there; a BucketAccess to it is created.")
        @Pattern(Patterns.DNS_NAME)
        @Nullable String bucketClaimName,
    @JsonPropertyDescription(
            "Class of a BucketClaim to create. It is never deleted, nor is the bucket.")
        @Pattern(Patterns.DNS_NAME)
        @Nullable String bucketClassName,
    @JsonPropertyDescription("Class of the BucketAccess to create.") @Pattern(Patterns.DNS_NAME)
        @Nullable String bucketAccessClassName,
    @JsonPropertyDescription("Values that win over those of the Secret.")
        @Nullable S3Connection overrides) {}
