package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an object on their way into a bucket. What fits into one part goes as a single
 * request at the end; from the first byte that doesn't, it is a multipart upload whose parts travel
 * while the next one is filled.
 *
 * <p>One thread writes. Its errors are those of {@link ReplicaClient}, so an IOException that
 * passes through a writer above is not ours. Closing before {@link #finish} gives the upload up.
 */
final class S3Upload extends OutputStream {
  private final S3Bucket bucket;
  private final PartBuffers buffers;
  private final int concurrentParts;
  private final String key;
  private final Map<String, String> metadata;
  private final WriteMode mode;
  private final long partBytes;

  private PartBuffer part;
  private @Nullable S3Multipart multipart;
  private long size;

  S3Upload(
      S3Bucket bucket,
      PartBuffers buffers,
      S3Storage storage,
      String key,
      Map<String, String> metadata,
      WriteMode mode,
      long maxSizeBytes) {
    this.bucket = bucket;
    this.buffers = buffers;
    this.concurrentParts = storage.concurrentParts();
    this.key = key;
    this.metadata = metadata;
    this.mode = mode;
    this.partBytes = PartSize.bytesFor(maxSizeBytes, storage.smallestPart().bytes());
    this.part = buffers.acquire(Math.min(partBytes, maxSizeBytes), partBytes);
  }

  long size() {
    return size;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int done = 0;
    while (done < length) {
      if (part.isFull()) {
        nextPart();
      }
      done += part.write(bytes, offset + done, length - done);
    }
    size += length;
  }

  private void nextPart() {
    if (Thread.currentThread().isInterrupted()) {
      throw new TidewalException.Cancelled(
          bucket.requests().describe("UploadPart", key) + ": interrupted");
    }
    S3Multipart upload = multipart;
    if (upload == null) {
      upload = S3Multipart.begin(bucket, key, metadata, mode, concurrentParts);
      multipart = upload;
    }
    upload.send(part);
    part = buffers.acquire(partBytes, partBytes);
  }

  /** Makes the object visible; the time is the store's. */
  Instant finish() {
    S3Multipart upload = multipart;
    if (upload == null) {
      return bucket.put(key, metadata, mode, part);
    }
    if (part.size() > 0) {
      upload.send(part);
    }
    return upload.complete(size);
  }

  /** Nothing of an object that was not finished stays; twice is once. */
  @Override
  public void close() {
    part.close();
    if (multipart != null) {
      multipart.close();
    }
  }
}
