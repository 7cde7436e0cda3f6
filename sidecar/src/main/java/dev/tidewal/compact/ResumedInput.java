package dev.tidewal.compact;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.StoreUnreachable;
import dev.tidewal.replica.ReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One object as a stream that goes on where it broke off: a merge reads some of its inputs so
 * slowly that stores close the connection (Litestream #1267).
 *
 * <p>Gives up after five attempts without a byte. A body that ends too early counts as broken off.
 */
final class ResumedInput extends InputStream {
  private static final int ATTEMPTS = 5;
  private static final long FIRST_PAUSE_MILLIS = 100;

  private final ReplicaClient client;
  private final LevelObject object;
  private @Nullable InputStream body;
  private long position;
  private int failures;

  ResumedInput(ReplicaClient client, LevelObject object) {
    this.client = client;
    this.object = object;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    while (length > 0) {
      if (position == object.sizeBytes()) {
        return -1;
      }
      try {
        if (body == null) {
          body = client.open(object.name(), position, 0);
        }
        int count = body.read(bytes, offset, length);
        if (count >= 0) {
          position += count;
          failures = 0;
          return count;
        }
        if (object.sizeBytes() == LevelObject.UNKNOWN_SIZE) {
          return -1;
        }
        broken(new Corrupt(object.name() + ": ends after " + position + " bytes"));
      } catch (StoreUnreachable e) {
        broken(e);
      } catch (IOException e) {
        broken(new StoreUnreachable("read " + object.name() + ": " + e.getMessage(), e));
      }
    }
    return 0;
  }

  private void broken(TidewalException reason) throws IOException {
    close();
    if (++failures == ATTEMPTS) {
      throw reason;
    }
    try {
      Thread.sleep(FIRST_PAUSE_MILLIS << (failures - 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TidewalException.Cancelled("read " + object.name() + ": interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    InputStream open = body;
    body = null;
    if (open != null) {
      open.close();
    }
  }
}
