package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * The requests about one key of one bucket, with everything in them that the settings ask for.
 *
 * @param name the bucket
 */
record S3Bucket(S3Requests requests, String name, S3Protection protection) {
  HeadObjectResponse head(String key) {
    HeadObjectRequest request =
        HeadObjectRequest.builder()
            .bucket(name)
            .key(key)
            .overrideConfiguration(protection.access)
            .build();
    HeadObjectResponse answer = requests.send("HeadObject", key, s3 -> s3.headObject(request));
    if (answer.contentLength() == null || answer.lastModified() == null) {
      throw new TidewalException.StoreUnreachable(
          requests.describe("HeadObject", key)
              + ": the answer lacks Content-Length or Last-Modified; is a proxy in between?");
    }
    return answer;
  }

  Optional<HeadObjectResponse> headIfPresent(String key) {
    try {
      return Optional.of(head(key));
    } catch (TidewalException.NotFound absent) {
      return Optional.empty();
    }
  }

  /**
   * Starts to read.
   *
   * @param size 0 = to the end
   * @param etag the object must still have it; empty = any
   */
  ResponseInputStream<GetObjectResponse> get(
      String key, long offset, long size, Optional<String> etag) {
    GetObjectRequest.Builder builder =
        GetObjectRequest.builder().bucket(name).key(key).overrideConfiguration(protection.access);
    etag.ifPresent(builder::ifMatch);
    if (offset > 0 || size > 0) {
      builder.range("bytes=" + offset + "-" + (size > 0 ? offset + size - 1 : ""));
    }
    GetObjectRequest request = builder.build();
    return requests.send("GetObject", key, s3 -> s3.getObject(request));
  }

  /**
   * Whether a listing has another page. One that ends here although there is more would make a
   * replica look older than it is.
   */
  boolean goesOn(ListObjectsV2Response page, String prefix) {
    if (!Boolean.TRUE.equals(page.isTruncated())) {
      return false;
    }
    String token = page.nextContinuationToken();
    if (token == null || token.isEmpty()) {
      throw new TidewalException.StoreUnreachable(
          requests.describe("ListObjectsV2", prefix)
              + ": the listing breaks off without a continuation token; is this S3?");
    }
    return true;
  }

  /** Stores a whole object in one request and tells when, by the store's clock. */
  Instant put(
      String key, Map<String, String> metadata, ReplicaClient.WriteMode mode, PartBuffer body) {
    PutObjectRequest.Builder builder =
        PutObjectRequest.builder()
            .bucket(name)
            .key(key)
            .metadata(metadata)
            .overrideConfiguration(protection.create);
    if (mode == ReplicaClient.WriteMode.CREATE) {
      builder.ifNoneMatch("*");
    }
    PutObjectRequest request = builder.build();
    Duration time = requests.timeFor(body.size());
    requests.send(
        "PutObject",
        key,
        time,
        body.size(),
        s3 -> s3.putObject(request, requestBody(body)),
        () -> askWhy(key, mode));
    return requests.storeTime();
  }

  /**
   * A store may refuse a request before it has read the body, and close the connection; its answer
   * is then lost (HttpURLConnection reads none before the body is written). A HEAD gets it.
   */
  private void askWhy(String key, ReplicaClient.WriteMode mode) {
    HeadObjectRequest request =
        HeadObjectRequest.builder()
            .bucket(name)
            .key(key)
            .overrideConfiguration(protection.access)
            .build();
    try {
      requests.look("HeadObject", key, s3 -> s3.headObject(request));
    } catch (TidewalException.NotFound | TidewalException.StoreUnreachable noReason) {
      return;
    }
    if (mode == ReplicaClient.WriteMode.CREATE) {
      throw new TidewalException.PreconditionFailed(
          requests.describe("PutObject", key)
              + ": it exists already, and this write must not replace it");
    }
  }

  static RequestBody requestBody(PartBuffer body) {
    return RequestBody.fromContentProvider(body::read, body.size(), "application/octet-stream");
  }
}
