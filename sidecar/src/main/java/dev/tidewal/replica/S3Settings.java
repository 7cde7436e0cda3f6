package dev.tidewal.replica;

import java.util.Optional;

/**
 * A replica in a bucket behind the S3 protocol. {@link #of} has the defaults; the {@code with}
 * methods change one thing.
 *
 * @param bucket name, or the ARN of an access point
 * @param prefix what keys have before {@code /<level>/}, as it is: Litestream 0.5 takes its key
 *     {@code path} with the slashes at its ends, and an empty one makes keys that begin with a
 *     slash. A URL's path is cleaned first
 * @param endpoint how the store is reached
 * @param credentials with what
 * @param storage how objects are kept
 */
public record S3Settings(
    String bucket,
    String prefix,
    S3Endpoint endpoint,
    CredentialsSource credentials,
    S3Storage storage)
    implements ReplicaSettings {
  public S3Settings {
    if (bucket.isBlank()) {
      throw new IllegalArgumentException("the bucket's name is missing");
    }
    if (storage.encryption() instanceof S3Storage.Encryption.CustomerKey && endpoint.isPlain()) {
      throw new IllegalArgumentException(
          "a customer's key must not go over plain HTTP: use an https endpoint");
    }
  }

  /** AWS's own endpoint, its region looked up, the default credentials chain. */
  public static S3Settings of(String bucket, String prefix) {
    return new S3Settings(
        bucket, prefix, S3Endpoint.AWS, CredentialsSource.defaultChain(), S3Storage.DEFAULT);
  }

  public S3Settings withPrefix(String changed) {
    return new S3Settings(bucket, changed, endpoint, credentials, storage);
  }

  public S3Settings withEndpoint(S3Endpoint changed) {
    return new S3Settings(bucket, prefix, changed, credentials, storage);
  }

  public S3Settings withCredentials(CredentialsSource changed) {
    return new S3Settings(bucket, prefix, endpoint, changed, storage);
  }

  public S3Settings withStorage(S3Storage changed) {
    return new S3Settings(bucket, prefix, endpoint, credentials, changed);
  }

  @Override
  public String type() {
    return "s3";
  }

  @Override
  public String url() {
    Optional<String> query = endpoint.uri().map(uri -> "?endpoint=" + uri);
    return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix) + query.orElse("");
  }
}
