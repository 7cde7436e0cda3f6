package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The bytes of an object, or of a range of it. A body that breaks off is asked for again from the
 * next byte on, of the same object (If-Match); it never ends early in silence. Its errors are those
 * of {@link ReplicaClient}.
 */
final class S3Body extends InputStream {
  private final S3Bucket bucket;
  private final String key;
  private final Optional<String> etag;
  private final String what;

  /** Whether the answer said how long it is; else its end is the end. */
  private final boolean announced;

  private long next;
  private long remaining;
  private int failures;
  private ReadAhead source;

  private S3Body(
      S3Bucket bucket, String key, long offset, ResponseInputStream<GetObjectResponse> first) {
    this.bucket = bucket;
    this.key = key;
    this.what = bucket.requests().describe("GetObject", key);
    this.etag = Optional.ofNullable(first.response().eTag());
    this.next = offset;
    @Nullable Long length = first.response().contentLength();
    this.announced = length != null;
    this.remaining = length == null ? Long.MAX_VALUE : length;
    this.source = new ReadAhead(first, remaining);
  }

  /** Opens {@code size} bytes from {@code offset} on; size 0 = to the end. */
  static InputStream open(S3Bucket bucket, String key, long offset, long size) {
    ResponseInputStream<GetObjectResponse> first = bucket.get(key, offset, size, Optional.empty());
    requireRange(bucket, key, offset, first);
    return new S3Body(bucket, key, offset, first);
  }

  /** A store that ignores ranges answers with the whole object. */
  private static void requireRange(
      S3Bucket bucket, String key, long offset, ResponseInputStream<GetObjectResponse> response) {
    @Nullable String range = response.response().contentRange();
    if (offset > 0 && (range == null || !range.startsWith("bytes " + offset + "-"))) {
      response.abort();
      throw new TidewalException.Refused(
          bucket.requests().describe("GetObject", key)
              + ": the store does not answer range requests; try tidewal probe");
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    while (remaining > 0) {
      try {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        int count = source.read(bytes, offset, (int) Math.min(length, remaining));
        if (count > 0) {
          next += count;
          remaining -= count;
          failures = 0;
          return count;
        }
        if (!announced) {
          return -1;
        }
        resume(new IOException("the connection was closed " + remaining + " bytes early"));
      } catch (IOException e) {
        resume(e);
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw new TidewalException.Cancelled(what + ": interrupted", e);
      }
    }
    return -1;
  }

  private void resume(IOException broken) {
    source.close();
    failures++;
    Duration delay =
        bucket
            .requests()
            .policy()
            .delayAfter(
                failures, Duration.ZERO, Duration.ZERO, ThreadLocalRandom.current().nextDouble())
            .orElseThrow(() ->
                new TidewalException.StoreUnreachable(
                    what
                        + ": the body breaks off at byte "
                        + next
                        + ": "
                        + broken.getMessage()
                        + " ("
                        + failures
                        + " attempts)",
                    broken));
    S3Requests.pause(what, delay);
    ResponseInputStream<GetObjectResponse> again;
    try {
      again = bucket.get(key, next, announced ? remaining : 0, etag);
    } catch (TidewalException.PreconditionFailed replaced) {
      throw new TidewalException.Corrupt(
          what + ": the object was replaced while it was read", replaced);
    }
    requireRange(bucket, key, next, again);
    source = new ReadAhead(again, remaining);
  }

  @Override
  public int available() {
    return 0;
  }

  @Override
  public void close() {
    source.close();
  }
}
