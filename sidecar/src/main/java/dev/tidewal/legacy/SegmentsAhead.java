package dev.tidewal.legacy;

import dev.tidewal.core.TidewalException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jpountz.lz4.LZ4FrameInputStream;

/**
 * The contents of segments in their order; small ones are fetched ahead, several at once: a day of
 * segments is tens of thousands of round trips.
 */
final class SegmentsAhead implements AutoCloseable {
  private static final int AT_ONCE = 16;
  private static final long SMALL_BYTES = 1 << 20;

  private final GenerationStore store;
  private final List<WalSegment> segments;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Future<byte[]>> fetching = new ArrayDeque<>();
  private int next;

  SegmentsAhead(GenerationStore store, List<WalSegment> segments) {
    this.store = store;
    this.segments = segments;
  }

  /** The decompressed content of the next segment. */
  InputStream next() throws IOException, InterruptedException {
    while (fetching.size() < AT_ONCE && next < segments.size()) {
      WalSegment segment = segments.get(next++);
      fetching.add(threads.submit(() -> fetch(segment)));
    }
    WalSegment segment = segments.get(next - fetching.size());
    byte[] bytes = get(fetching.remove());
    return segment.sizeBytes() > SMALL_BYTES
        ? store.content(segment.key())
        : new LZ4FrameInputStream(new ByteArrayInputStream(bytes));
  }

  private byte[] fetch(WalSegment segment) throws IOException {
    if (segment.sizeBytes() > SMALL_BYTES) {
      return new byte[0];
    }
    try (InputStream in = store.open(segment.key())) {
      return in.readAllBytes();
    }
  }

  private static byte[] get(Future<byte[]> bytes) throws IOException, InterruptedException {
    try {
      return bytes.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case TidewalException known -> throw known;
        case IOException io -> throw io;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
