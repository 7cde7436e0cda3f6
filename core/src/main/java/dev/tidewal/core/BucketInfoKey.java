package dev.tidewal.core;

import static dev.tidewal.core.BucketInfoKey.Protocol.AZURE;
import static dev.tidewal.core.BucketInfoKey.Protocol.GCS;
import static dev.tidewal.core.BucketInfoKey.Protocol.S3;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A value of a BucketInfo and its name in each of the three Secret formats.
 *
 * <p>Formats: JSON of v1alpha1; flat keys of v1alpha2's code; flat keys of its enhancement proposal
 * (KEP-1979). An empty name: the format doesn't have it.
 */
enum BucketInfoKey {
  PROTOCOL("spec.protocols", "COSI_PROTOCOL", "COSI_PROTOCOL"),
  AUTHENTICATION("spec.authenticationType", "", ""),
  AUTHORITY("", "COSI_CERTIFICATE_AUTHORITY", "COSI_CERTIFICATE_AUTHORITY"),
  S3_BUCKET(S3, "spec.bucketName", "COSI_S3_BUCKET_ID", "BUCKET_NAME"),
  S3_ENDPOINT(S3, "spec.secretS3.endpoint", "COSI_S3_ENDPOINT", "AWS_ENDPOINT_URL"),
  S3_REGION(S3, "spec.secretS3.region", "COSI_S3_REGION", "AWS_DEFAULT_REGION"),
  S3_ADDRESSING(S3, "", "COSI_S3_ADDRESSING_STYLE", "AWS_S3_ADDRESSING_STYLE"),
  S3_KEY_ID(S3, "spec.secretS3.accessKeyID", "COSI_S3_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID"),
  S3_SECRET(
      S3, "spec.secretS3.accessSecretKey", "COSI_S3_ACCESS_SECRET_KEY", "AWS_SECRET_ACCESS_KEY"),
  AZURE_ACCOUNT(AZURE, "", "COSI_AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT"),
  AZURE_TOKEN(
      AZURE, "spec.secretAzure.accessToken", "COSI_AZURE_ACCESS_TOKEN", "AZURE_STORAGE_SAS_TOKEN"),
  AZURE_EXPIRY(
      AZURE,
      "spec.secretAzure.expiryTimeStamp",
      "COSI_AZURE_EXPIRY_TIMESTAMP",
      "AZURE_STORAGE_SAS_TOKEN_EXPIRY_TIMESTAMP"),
  GCS_BUCKET(GCS, "spec.bucketName", "COSI_GCS_BUCKET_NAME", "BUCKET_NAME"),
  GCS_PROJECT(GCS, "", "COSI_GCS_PROJECT_ID", "PROJECT_ID"),
  GCS_KEY_ID(GCS, "", "COSI_GCS_ACCESS_ID", "HMAC_ACCESS_ID"),
  GCS_SECRET(GCS, "", "COSI_GCS_ACCESS_SECRET", "HMAC_SECRET"),
  GCS_KEY_NAME(GCS, "", "COSI_GCS_PRIVATE_KEY_NAME", "PRIVATE_KEY_ID"),
  GCS_SERVICE_ACCOUNT(GCS, "", "COSI_GCS_SERVICE_ACCOUNT", "SERVICE_ACCOUNT_NAME");

  private final Optional<Protocol> protocol;
  private final String inJson;
  private final String inCosiKeys;
  private final String inSdkKeys;

  BucketInfoKey(Protocol protocol, String inJson, String inCosiKeys, String inSdkKeys) {
    this(Optional.of(protocol), inJson, inCosiKeys, inSdkKeys);
  }

  BucketInfoKey(String inJson, String inCosiKeys, String inSdkKeys) {
    this(Optional.empty(), inJson, inCosiKeys, inSdkKeys);
  }

  BucketInfoKey(Optional<Protocol> protocol, String inJson, String inCosiKeys, String inSdkKeys) {
    this.protocol = protocol;
    this.inJson = inJson;
    this.inCosiKeys = inCosiKeys;
    this.inSdkKeys = inSdkKeys;
  }

  /** The protocol that this key gives away; empty for those that several protocols share. */
  Optional<Protocol> protocol() {
    return protocol;
  }

  String name(Format format) {
    return switch (format) {
      case JSON -> inJson;
      case COSI_KEYS -> inCosiKeys;
      case SDK_KEYS -> inSdkKeys;
    };
  }

  enum Format {
    JSON,
    COSI_KEYS,
    SDK_KEYS
  }

  enum Protocol {
    S3,
    AZURE,
    GCS;

    /** v1alpha1's constant for GCS is {@code GCP}; letters come in either case. */
    static Optional<Protocol> parse(String text) {
      String name = text.strip().toUpperCase(Locale.ROOT);
      return Arrays.stream(values())
          .filter(p -> p.name().equals(name) || (p == GCS && name.equals("GCP")))
          .findFirst();
    }
  }
}
