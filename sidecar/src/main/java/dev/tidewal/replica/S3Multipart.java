package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** A multipart upload: parts travel in virtual threads, completion is conditional on CREATE. */
final class S3Multipart implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(S3Multipart.class.getName());

  /** Stores put an object together after they were asked; AWS takes up to minutes. */
  private static final Duration COMPLETION = Duration.ofMinutes(5);

  /** How long a caller waits for the abort; it goes on without him. */
  private static final Duration ABORT_PATIENCE = Duration.ofMillis(400);

  private final S3Bucket bucket;
  private final String key;
  private final WriteMode mode;
  private final String uploadId;
  private final Semaphore slots;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<CompletedPart>> parts = new ArrayList<>();
  private boolean settled;

  private S3Multipart(
      S3Bucket bucket, String key, WriteMode mode, String uploadId, int concurrentParts) {
    this.bucket = bucket;
    this.key = key;
    this.mode = mode;
    this.uploadId = uploadId;
    this.slots = new Semaphore(concurrentParts);
  }

  /** Begins an upload. What a CREATE would refuse in the end is refused before the first byte. */
  static S3Multipart begin(
      S3Bucket bucket,
      String key,
      Map<String, String> metadata,
      WriteMode mode,
      int concurrentParts) {
    if (mode == WriteMode.CREATE && bucket.headIfPresent(key).isPresent()) {
      throw exists(bucket, key);
    }
    return beginUnseen(bucket, key, metadata, mode, concurrentParts);
  }

  /** Begins an upload without looking for the object first. */
  static S3Multipart beginUnseen(
      S3Bucket bucket,
      String key,
      Map<String, String> metadata,
      WriteMode mode,
      int concurrentParts) {
    CreateMultipartUploadRequest request =
        CreateMultipartUploadRequest.builder()
            .bucket(bucket.name())
            .key(key)
            .metadata(metadata)
            .contentType("application/octet-stream")
            .overrideConfiguration(bucket.protection().create)
            .build();
    String uploadId =
        bucket
            .requests()
            .send("CreateMultipartUpload", key, s3 -> s3.createMultipartUpload(request))
            .uploadId();
    return new S3Multipart(bucket, key, mode, uploadId, concurrentParts);
  }

  private static TidewalException.PreconditionFailed exists(S3Bucket bucket, String key) {
    return new TidewalException.PreconditionFailed(
        bucket.requests().describe("CompleteMultipartUpload", key)
            + ": it exists already, and this write must not replace it");
  }

  /** Sends a part; waits while too many are on their way. The part is closed in any case. */
  void send(PartBuffer part) {
    int number = parts.size() + 1;
    try {
      if (number > PartSize.MAX_PARTS) {
        throw new IllegalStateException(
            key + " is larger than announced: more than " + PartSize.MAX_PARTS + " parts");
      }
      failEarly();
      slots.acquire();
    } catch (InterruptedException e) {
      part.close();
      Thread.currentThread().interrupt();
      throw new TidewalException.Cancelled(describe("UploadPart") + ": interrupted", e);
    } catch (RuntimeException e) {
      part.close();
      throw e;
    }
    parts.add(threads.submit(() -> upload(number, part)));
  }

  private CompletedPart upload(int number, PartBuffer part) {
    try (part) {
      UploadPartRequest request =
          UploadPartRequest.builder()
              .bucket(bucket.name())
              .key(key)
              .uploadId(uploadId)
              .partNumber(number)
              .overrideConfiguration(bucket.protection().access)
              .build();
      String etag =
          bucket
              .requests()
              .send(
                  "UploadPart",
                  key,
                  bucket.requests().timeFor(part.size()),
                  part.size(),
                  s3 -> s3.uploadPart(request, S3Bucket.requestBody(part)))
              .eTag();
      return CompletedPart.builder().partNumber(number).eTag(etag).build();
    } finally {
      slots.release();
    }
  }

  private void failEarly() {
    for (Future<CompletedPart> part : parts) {
      if (part.state() == Future.State.FAILED) {
        throw rethrown(part.exceptionNow());
      }
    }
  }

  /** Puts the parts together; the time is the store's. */
  Instant complete(long size) {
    List<CompletedPart> done = new ArrayList<>();
    try {
      for (Future<CompletedPart> part : parts) {
        done.add(part.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TidewalException.Cancelled(describe("UploadPart") + ": interrupted", e);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause() == null ? e : e.getCause());
    }
    CompleteMultipartUploadRequest.Builder request =
        CompleteMultipartUploadRequest.builder()
            .bucket(bucket.name())
            .key(key)
            .uploadId(uploadId)
            .multipartUpload(upload -> upload.parts(done))
            .overrideConfiguration(bucket.protection().access);
    if (mode == WriteMode.CREATE) {
      request.ifNoneMatch("*");
    }
    CompleteMultipartUploadRequest built = request.build();
    try {
      bucket
          .requests()
          .send(
              "CompleteMultipartUpload",
              key,
              COMPLETION,
              0,
              s3 -> s3.completeMultipartUpload(built));
    } catch (TidewalException.NotFound noSuchUpload) {
      resolve(size, noSuchUpload);
    }
    settled = true;
    return bucket.requests().storeTime();
  }

  /** The upload is unknown: an earlier attempt may have completed it, unheard. */
  private void resolve(long size, TidewalException.NotFound noSuchUpload) {
    HeadObjectResponse object =
        bucket
            .headIfPresent(key)
            .orElseThrow(() ->
                new TidewalException.StoreUnreachable(
                    describe("CompleteMultipartUpload") + ": the store has lost the upload",
                    noSuchUpload));
    if (mode == WriteMode.CREATE) {
      throw exists(bucket, key);
    }
    if (object.contentLength() != size) {
      throw new TidewalException.StoreUnreachable(
          describe("CompleteMultipartUpload") + ": the store has lost the upload", noSuchUpload);
    }
  }

  private String describe(String operation) {
    return bucket.requests().describe(operation, key);
  }

  private static RuntimeException rethrown(Throwable failure) {
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }

  /** Aborts what was not completed: also when the thread is interrupted, and without delay. */
  @Override
  public void close() {
    threads.shutdownNow();
    if (settled) {
      return;
    }
    settled = true;
    Thread abort = Thread.ofVirtual().name("tidewal-s3-abort").start(this::abort);
    boolean interrupted = Thread.interrupted();
    try {
      abort.join(ABORT_PATIENCE);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void abort() {
    try {
      // A part that arrives after the abort would stay, and cost.
      boolean _ = threads.awaitTermination(5, TimeUnit.SECONDS);
      abort(bucket, key, uploadId);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TidewalException left) {
      // The bucket's lifecycle rule for incomplete uploads takes it (docs/operations.md).
      LOG.log(Level.DEBUG, "not aborted: {0}", left.getMessage());
    }
  }

  static void abort(S3Bucket bucket, String key, String uploadId) {
    AbortMultipartUploadRequest request =
        AbortMultipartUploadRequest.builder()
            .bucket(bucket.name())
            .key(key)
            .uploadId(uploadId)
            .build();
    try {
      bucket.requests().send("AbortMultipartUpload", key, s3 -> s3.abortMultipartUpload(request));
    } catch (TidewalException.NotFound gone) {
      // Completed, or aborted before.
    }
  }
}
