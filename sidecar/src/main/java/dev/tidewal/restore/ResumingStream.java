package dev.tidewal.restore;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.TidewalException.Cancelled;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.StoreUnreachable;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A range of an object that survives cut connections: it is opened again where it was cut.
 *
 * <p>Five retries in a row without a byte of progress, from 100 ms and doubling; "not found" and
 * "no permission" are never retried. An object that turns out shorter than listed is {@link
 * Corrupt}. Nothing is opened before the first read. Not thread-safe.
 */
final class ResumingStream extends InputStream {
  private static final int RETRIES = 5;

  /** A read into the heap goes through a direct buffer of its size, which the thread keeps. */
  private static final int MAX_READ_BYTES = 256 * 1024;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ReplicaClient client;
  private final ObjectInfo object;
  private final long end;
  private final LongConsumer progress;
  private final byte[] single = new byte[1];
  private long position;
  private int failures;
  private long lastByte;
  private @Nullable InputStream in;

  /**
   * @param offset first byte
   * @param length bytes up to the end of this stream
   * @param progress told the bytes of each read
   */
  ResumingStream(
      ReplicaClient client, ObjectInfo object, long offset, long length, LongConsumer progress) {
    this.client = client;
    this.object = object;
    this.position = offset;
    this.end = offset + length;
    this.progress = progress;
  }

  @Override
  public int read() throws IOException {
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (position == end) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    int wanted = (int) Math.min(Math.min(length, MAX_READ_BYTES), end - position);
    lastByte = System.nanoTime();
    while (true) {
      Exception cut;
      try {
        int count = source().read(bytes, offset, wanted);
        if (count > 0) {
          position += count;
          failures = 0;
          progress.accept(count);
          return count;
        }
        cut = new IOException("ended at byte " + position + " of " + end);
      } catch (IOException | StoreUnreachable e) {
        cut = e;
      }
      retry(cut);
    }
  }

  private InputStream source() {
    if (in == null) {
      in = client.open(object.name(), position, end - position);
    }
    return in;
  }

  private void retry(Exception cause) {
    closeQuietly();
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("read of " + object.name() + " was cancelled", cause);
    }
    if (isShorterThanListed()) {
      throw new Corrupt(object.name() + " ends at byte " + position + ", listed with " + end);
    }
    if (failures == RETRIES || System.nanoTime() - lastByte > PATIENCE.toNanos()) {
      throw new StoreUnreachable(failure(cause), cause);
    }
    try {
      Thread.sleep(FIRST_PAUSE_MILLIS << failures);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("read of " + object.name() + " was cancelled", e);
    }
    failures++;
  }

  /** Then no retry helps. */
  private boolean isShorterThanListed() {
    try {
      return client.stat(object.name()).sizeBytes() <= position;
    } catch (StoreUnreachable unknown) {
      return false;
    }
  }

  private String failure(Exception cause) {
    return "read of "
        + object.name()
        + " at byte "
        + position
        + " failed "
        + (failures + 1)
        + " times: "
        + cause.getMessage();
  }

  private void closeQuietly() {
    InputStream broken = in;
    in = null;
    if (broken != null) {
      try {
        broken.close();
      } catch (IOException | TidewalException alreadyBroken) {
        // It is being replaced because it failed.
      }
    }
  }

  @Override
  public void close() {
    closeQuietly();
  }
}
