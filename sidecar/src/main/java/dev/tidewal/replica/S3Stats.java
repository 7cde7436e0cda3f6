package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import dev.tidewal.ltx.LtxName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Size, times and metadata of objects, by one HEAD each, some of them at a time. */
final class S3Stats {
  private static final int AT_A_TIME = 16;

  private final S3Bucket bucket;
  private final S3Keys keys;

  S3Stats(S3Bucket bucket, S3Keys keys) {
    this.bucket = bucket;
    this.keys = keys;
  }

  ObjectInfo of(LtxName name) {
    return info(name, bucket.head(keys.object(name)));
  }

  /** In the same order; what was deleted meanwhile is left out. */
  List<ObjectInfo> of(Collection<ObjectInfo> objects) {
    Semaphore places = new Semaphore(AT_A_TIME);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<Optional<ObjectInfo>>> asked = new ArrayList<>();
      for (ObjectInfo object : objects) {
        places.acquire();
        asked.add(
            threads.submit(() -> {
              try {
                return bucket
                    .headIfPresent(keys.object(object.name()))
                    .map(head -> info(object.name(), head));
              } finally {
                places.release();
              }
            }));
      }
      List<ObjectInfo> result = new ArrayList<>();
      for (Future<Optional<ObjectInfo>> answer : asked) {
        answer.get().ifPresent(result::add);
      }
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TidewalException.Cancelled(
          bucket.requests().describe("HeadObject", "") + ": interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static ObjectInfo info(LtxName name, HeadObjectResponse head) {
    return new ObjectInfo(
        name, head.contentLength(), head.lastModified(), MetadataText.parse(head.metadata()));
  }
}
