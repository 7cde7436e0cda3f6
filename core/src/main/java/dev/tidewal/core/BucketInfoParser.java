package dev.tidewal.core;

import static dev.tidewal.core.BucketInfoKey.AUTHORITY;
import static dev.tidewal.core.BucketInfoKey.AZURE_ACCOUNT;
import static dev.tidewal.core.BucketInfoKey.AZURE_EXPIRY;
import static dev.tidewal.core.BucketInfoKey.AZURE_TOKEN;
import static dev.tidewal.core.BucketInfoKey.GCS_BUCKET;
import static dev.tidewal.core.BucketInfoKey.GCS_KEY_ID;
import static dev.tidewal.core.BucketInfoKey.GCS_KEY_NAME;
import static dev.tidewal.core.BucketInfoKey.GCS_PROJECT;
import static dev.tidewal.core.BucketInfoKey.GCS_SECRET;
import static dev.tidewal.core.BucketInfoKey.GCS_SERVICE_ACCOUNT;
import static dev.tidewal.core.BucketInfoKey.S3_ADDRESSING;
import static dev.tidewal.core.BucketInfoKey.S3_BUCKET;
import static dev.tidewal.core.BucketInfoKey.S3_ENDPOINT;
import static dev.tidewal.core.BucketInfoKey.S3_KEY_ID;
import static dev.tidewal.core.BucketInfoKey.S3_REGION;
import static dev.tidewal.core.BucketInfoKey.S3_SECRET;

import dev.tidewal.core.BucketInfoKey.Format;
import dev.tidewal.core.BucketInfoValues.Credentials;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Judges what a Secret says: complete, or an error that names every missing field and the cure. */
final class BucketInfoParser {
  /** The one key of format A. */
  static final String DOCUMENT = "BucketInfo";

  private final BucketInfoValues values;
  private final BucketInfo.Overrides overrides;
  private final List<String> lacking = new ArrayList<>();

  private BucketInfoParser(BucketInfoValues values, BucketInfo.Overrides overrides) {
    this.values = values;
    this.overrides = overrides;
  }

  /** The data of a Secret: its key {@code BucketInfo}, else its flat keys. */
  static BucketInfo parse(Map<String, String> data, BucketInfo.Overrides overrides, String where) {
    String document = data.getOrDefault(DOCUMENT, "");
    return document.isBlank()
        ? new BucketInfoParser(BucketInfoFlatKeys.read(data, where), overrides).judge()
        : parseDocument(document, overrides, where + "/" + DOCUMENT);
  }

  static BucketInfo parseDocument(String document, BucketInfo.Overrides overrides, String where) {
    return new BucketInfoParser(BucketInfoJson.read(document, where), overrides).judge();
  }

  private BucketInfo judge() {
    return switch (values.protocol()) {
      case S3 -> s3();
      case AZURE -> azure();
      case GCS -> gcs();
    };
  }

  private BucketInfo s3() {
    String bucket =
        require(overrides.bucket().or(() -> values.find(S3_BUCKET)), S3_BUCKET, "bucket");
    Optional<AccessKey> accessKey = accessKey(S3_KEY_ID, S3_SECRET);
    refuseHalf();
    Optional<URI> endpoint = overrides.endpoint().or(() -> values.find(S3_ENDPOINT)).map(this::uri);
    return new BucketInfo.S3(
        bucket,
        endpoint,
        overrides.region().or(() -> values.find(S3_REGION)).orElse("us-east-1"),
        values.find(S3_ADDRESSING).map(this::isPathStyle).orElse(isCustom(endpoint)),
        accessKey,
        values.find(AUTHORITY));
  }

  private BucketInfo azure() {
    boolean json = values.format() == Format.JSON;
    Optional<String> token = values.find(AZURE_TOKEN);
    Optional<URI> sasUri = token.filter(t -> json || t.contains("://")).map(this::sasUri);
    Optional<String> container =
        overrides.bucket().or(() -> sasUri.map(uri -> uri.getPath().split("/", 3)[1]));
    Optional<String> account =
        values.find(AZURE_ACCOUNT).or(() -> sasUri.map(uri -> uri.getHost().split("\\.", 2)[0]));
    if (account.isEmpty()) {
      lacking.add(values.lacking(json ? AZURE_TOKEN : AZURE_ACCOUNT));
    } else if (token.isEmpty() && needsKeys(AZURE_TOKEN)) {
      lacking.add(values.lacking(AZURE_TOKEN));
    }
    if (lacking.isEmpty() && container.orElse("").isEmpty()) {
      lacking.add(AZURE_TOKEN.name(values.format()) + " names no container (or set bucket)");
    }
    refuseHalf();
    return new BucketInfo.Azure(
        account.orElseThrow(),
        container.orElseThrow(),
        token.map(t -> new Secret(t.substring(t.indexOf('?') + 1))),
        values.find(AZURE_EXPIRY).flatMap(BucketInfoParser::instant),
        values.find(AUTHORITY));
  }

  private BucketInfo gcs() {
    String bucket =
        require(overrides.bucket().or(() -> values.find(GCS_BUCKET)), GCS_BUCKET, "bucket");
    Optional<AccessKey> hmacKey = accessKey(GCS_KEY_ID, GCS_SECRET);
    refuseHalf();
    return new BucketInfo.Gcs(
        bucket,
        values.find(GCS_PROJECT),
        hmacKey,
        values.find(GCS_KEY_NAME),
        values.find(GCS_SERVICE_ACCOUNT),
        values.find(AUTHORITY));
  }

  private Optional<AccessKey> accessKey(BucketInfoKey idKey, BucketInfoKey secretKey) {
    boolean keysCount = values.credentials() == Credentials.KEYS;
    Optional<String> id =
        overrides.accessKeyId().or(() -> values.find(idKey).filter(v -> keysCount));
    Optional<Secret> secret =
        overrides
            .secretAccessKey()
            .or(() -> values.find(secretKey).filter(v -> keysCount).map(Secret::new));
    if (id.isEmpty() && secret.isEmpty() && !needsKeys(idKey)) {
      return Optional.empty();
    }
    return Optional.of(
        new AccessKey(
            require(id, idKey, "access-key-id"),
            new Secret(require(secret.map(Secret::value), secretKey, "secret-access-key"))));
  }

  /** Flat keys that are there but empty are how v1alpha2 writes service account mode. */
  private boolean needsKeys(BucketInfoKey key) {
    return values.credentials() == Credentials.KEYS
        && (values.format() == Format.JSON || !values.values().containsKey(key));
  }

  /**
   * The value, or "" with a note of what is lacking, which {@link #refuseHalf} turns into an error.
   */
  private String require(Optional<String> found, BucketInfoKey key, String setting) {
    if (found.isEmpty()) {
      lacking.add(values.lacking(key) + " (or set " + setting + ")");
    }
    return found.orElse("");
  }

  private void refuseHalf() {
    if (!lacking.isEmpty()) {
      throw new TidewalException.Usage(
          values.where()
              + ": half a BucketInfo: "
              + String.join(", ", lacking)
              + "; see the status of the BucketAccess and its driver");
    }
  }

  private URI uri(String endpoint) {
    String text = endpoint.contains("://") ? endpoint : "https://" + endpoint;
    try {
      URI uri = URI.create(text.replaceAll("/+$", ""));
      if (uri.getHost() != null && uri.getScheme().matches("(?i)https?")) {
        return uri;
      }
    } catch (IllegalArgumentException notAUri) {
      // Said below, with the field's name.
    }
    throw values.error(
        S3_ENDPOINT, "is " + Quoted.of(endpoint) + ": not an http or https address of a host");
  }

  private URI sasUri(String token) {
    try {
      URI uri = URI.create(token);
      if (uri.getHost() != null && uri.getPath().startsWith("/")) {
        return uri;
      }
    } catch (IllegalArgumentException notAUri) {
      // Said below, without the token: it is a secret.
    }
    throw values.error(
        AZURE_TOKEN, "is not a SAS URI of the form https://ACCOUNT.HOST/CONTAINER?SAS");
  }

  private boolean isPathStyle(String style) {
    return switch (style.toLowerCase(Locale.ROOT)) {
      case "path" -> true;
      case "virtual" -> false;
      default ->
          throw values.error(
              S3_ADDRESSING, "is " + Quoted.of(style) + ": path and virtual are known");
    };
  }

  private static boolean isCustom(Optional<URI> endpoint) {
    return endpoint
        .map(uri -> !uri.getHost().toLowerCase(Locale.ROOT).endsWith(".amazonaws.com"))
        .orElse(false);
  }

  /** ISO 8601; anything else counts as unknown, as the sidecars of COSI themselves treat it. */
  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException unknown) {
      return Optional.empty();
    }
  }
}
