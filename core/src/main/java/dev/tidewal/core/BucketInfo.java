package dev.tidewal.core;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A bucket and the credentials for it, as the Container Object Storage Interface (COSI) hands them
 * to an application: what a Secret in any of the three formats in the field says, normalised.
 *
 * <p>{@link BucketInfoFile} reads a mounted Secret, {@link #parse} the data of one.
 */
public sealed interface BucketInfo {
  /** The authority (PEM) that signed the store's certificate, where the Secret names one. */
  Optional<String> certificateAuthority();

  /**
   * A bucket behind the S3 protocol.
   *
   * @param endpoint with scheme, without a trailing slash; empty = AWS's endpoint of the region
   * @param region {@code us-east-1} where the Secret has none
   * @param pathStyle whether the bucket is the first part of the path rather than of the host name
   * @param accessKey empty = the default credentials chain (COSI's IAM or service account mode)
   */
  record S3(
      String bucket,
      Optional<URI> endpoint,
      String region,
      boolean pathStyle,
      Optional<AccessKey> accessKey,
      Optional<String> certificateAuthority)
      implements BucketInfo {}

  /**
   * A container of Azure Blob Storage.
   *
   * @param sasToken the query part of a SAS URI; empty = the default credentials chain
   * @param expiresAt when the token ends; empty = unknown, not "never"
   */
  record Azure(
      String account,
      String container,
      Optional<Secret> sasToken,
      Optional<Instant> expiresAt,
      Optional<String> certificateAuthority)
      implements BucketInfo {}

  /**
   * A bucket of Google Cloud Storage.
   *
   * @param hmacKey empty = the default credentials chain
   */
  record Gcs(
      String bucket,
      Optional<String> projectId,
      Optional<AccessKey> hmacKey,
      Optional<String> privateKeyName,
      Optional<String> serviceAccount,
      Optional<String> certificateAuthority)
      implements BucketInfo {}

  /**
   * Values that somebody set by hand; each wins over the Secret's own and fills what it lacks.
   *
   * @param bucket the bucket, or Azure's container
   */
  record Overrides(
      Optional<String> bucket,
      Optional<String> endpoint,
      Optional<String> region,
      Optional<String> accessKeyId,
      Optional<Secret> secretAccessKey) {
    public static final Overrides NONE =
        new Overrides(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /**
   * Reads the data of a Secret.
   *
   * @param data keys and values as Kubernetes mounts them; values are text
   * @param where what an error names: the directory or the Secret
   * @throws TidewalException.Usage half a BucketInfo, several protocols, or something else
   */
  static BucketInfo parse(Map<String, String> data, Overrides overrides, String where) {
    return BucketInfoParser.parse(data, overrides, where);
  }
}
