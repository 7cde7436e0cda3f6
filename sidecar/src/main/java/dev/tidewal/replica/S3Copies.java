package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;

/**
 * Copies objects inside the store: CopyObject up to the size that it takes (5 GiB), above it part
 * by part.
 */
final class S3Copies {
  static final long LARGEST_SINGLE_COPY = 5L << 30;

  /** Stores copy before they answer; at least 20 MB/s. */
  private static final long BYTES_PER_MILLISECOND = 20_000;

  private final S3Bucket bucket;
  private final long largestSingleCopy;

  S3Copies(S3Bucket bucket, long largestSingleCopy) {
    this.bucket = bucket;
    this.largestSingleCopy = largestSingleCopy;
  }

  /** Copies with metadata, replacing; {@code source} is a HEAD of {@code from}. */
  Instant copy(String from, HeadObjectResponse source, String to) {
    return source.contentLength() <= largestSingleCopy
        ? copyWhole(from, source, to)
        : copyParts(from, source, to);
  }

  private Instant copyWhole(String from, HeadObjectResponse source, String to) {
    CopyObjectRequest request =
        CopyObjectRequest.builder()
            .sourceBucket(bucket.name())
            .sourceKey(from)
            .copySourceIfMatch(source.eTag())
            .destinationBucket(bucket.name())
            .destinationKey(to)
            .overrideConfiguration(bucket.protection().copy)
            .build();
    CopyObjectResponse answer =
        bucket
            .requests()
            .send("CopyObject", to, time(source.contentLength()), 0, s3 -> s3.copyObject(request));
    return Optional.ofNullable(answer.copyObjectResult().lastModified())
        .orElseGet(bucket.requests()::storeTime);
  }

  private Duration time(long bytes) {
    return bucket.requests().usualTime().plus(Duration.ofMillis(bytes / BYTES_PER_MILLISECOND));
  }

  private Instant copyParts(String from, HeadObjectResponse source, String to) {
    CreateMultipartUploadRequest create =
        CreateMultipartUploadRequest.builder()
            .bucket(bucket.name())
            .key(to)
            .metadata(source.metadata())
            .contentType(source.contentType())
            .overrideConfiguration(bucket.protection().create)
            .build();
    String uploadId =
        bucket
            .requests()
            .send("CreateMultipartUpload", to, s3 -> s3.createMultipartUpload(create))
            .uploadId();
    try {
      List<CompletedPart> parts = new ArrayList<>();
      long size = source.contentLength();
      for (long offset = 0; offset < size; offset += largestSingleCopy) {
        long end = Math.min(offset + largestSingleCopy, size);
        parts.add(copyPart(from, source, to, uploadId, parts.size() + 1, offset, end));
      }
      CompleteMultipartUploadRequest complete =
          CompleteMultipartUploadRequest.builder()
              .bucket(bucket.name())
              .key(to)
              .uploadId(uploadId)
              .multipartUpload(upload -> upload.parts(parts))
              .overrideConfiguration(bucket.protection().access)
              .build();
      bucket
          .requests()
          .send(
              "CompleteMultipartUpload",
              to,
              Duration.ofMinutes(5),
              0,
              s3 -> s3.completeMultipartUpload(complete));
      return bucket.requests().storeTime();
    } catch (TidewalException failed) {
      Thread.ofVirtual()
          .name("tidewal-s3-abort")
          .start(() -> S3Multipart.abort(bucket, to, uploadId));
      throw failed;
    }
  }

  private CompletedPart copyPart(
      String from,
      HeadObjectResponse source,
      String to,
      String uploadId,
      int number,
      long offset,
      long end) {
    UploadPartCopyRequest request =
        UploadPartCopyRequest.builder()
            .sourceBucket(bucket.name())
            .sourceKey(from)
            .copySourceIfMatch(source.eTag())
            .copySourceRange("bytes=" + offset + "-" + (end - 1))
            .destinationBucket(bucket.name())
            .destinationKey(to)
            .uploadId(uploadId)
            .partNumber(number)
            .overrideConfiguration(bucket.protection().copyPart)
            .build();
    String etag =
        bucket
            .requests()
            .send("UploadPartCopy", to, time(end - offset), 0, s3 -> s3.uploadPartCopy(request))
            .copyPartResult()
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(etag).build();
  }
}
