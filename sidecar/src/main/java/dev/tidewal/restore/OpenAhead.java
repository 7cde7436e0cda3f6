package dev.tidewal.restore;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;

/**
 * Opens objects in order and ahead of their use, several at once, within a bound of memory: many
 * small objects cost many round trips, not one after the other.
 */
final class OpenAhead implements AutoCloseable {
  private static final int PERMIT_BYTES = 1024;

  /** What an opened large object holds: the tail of the file. */
  private static final int TAIL_BYTES = 64 * 1024;

  private final ReplicaClient client;
  private final List<ObjectInfo> objects;
  private final LongConsumer read;
  private final Semaphore memory;
  private final Semaphore requests;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Future<OpenedObject>> opening = new ArrayDeque<>();
  private int next;

  /**
   * @param memoryBytes at least {@link OpenedObject#SMALL_BYTES}
   */
  OpenAhead(
      ReplicaClient client,
      List<ObjectInfo> objects,
      long memoryBytes,
      int requestsAtOnce,
      LongConsumer read) {
    this.client = client;
    this.objects = objects;
    this.read = read;
    this.memory = new Semaphore((int) (memoryBytes / PERMIT_BYTES));
    this.requests = new Semaphore(requestsAtOnce);
  }

  /** The next object; {@link #done} gives its memory back. */
  OpenedObject next() throws IOException, InterruptedException, BrokenObject {
    if (opening.isEmpty()) {
      memory.acquire(permits(objects.get(next)));
      submitNext();
    }
    while (next < objects.size() && memory.tryAcquire(permits(objects.get(next)))) {
      submitNext();
    }
    ObjectInfo object = objects.get(next - opening.size());
    try {
      return opening.remove().get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Corrupt corrupt -> throw new BrokenObject(object.name(), corrupt);
        case NotFound gone -> throw new BrokenObject(object.name(), gone);
        case TidewalException other -> throw other;
        case IOException local -> throw local;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private void submitNext() {
    ObjectInfo object = objects.get(next++);
    opening.add(
        threads.submit(() -> {
          requests.acquire();
          try {
            return OpenedObject.open(client, object, read);
          } finally {
            requests.release();
          }
        }));
  }

  void done(ObjectInfo object) {
    memory.release(permits(object));
  }

  private static int permits(ObjectInfo object) {
    long bytes = object.sizeBytes() > OpenedObject.SMALL_BYTES ? TAIL_BYTES : object.sizeBytes();
    return (int) (bytes / PERMIT_BYTES) + 1;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
