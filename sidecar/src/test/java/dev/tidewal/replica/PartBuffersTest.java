package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PartBuffersTest {
  private static final int MIB = 1 << 20;

  private final PartBuffers buffers = new PartBuffers(ByteSize.ofMebibytes(16));

  @Test
  void aBufferGivesBackWhatItTook() throws IOException {
    byte[] bytes = new byte[700_001];
    new Random(7).nextBytes(bytes);
    try (PartBuffer buffer = buffers.acquire(5 * MIB, 5 * MIB)) {
      for (int at = 0; at < bytes.length; at += 1_000) {
        buffer.write(bytes, at, Math.min(1_000, bytes.length - at));
      }

      assertThat(buffer.size()).isEqualTo(bytes.length);
      assertThat(buffer.read().readAllBytes()).isEqualTo(bytes);
      assertThat(buffer.read().readAllBytes()).as("a second time").isEqualTo(bytes);
    }
  }

  @Test
  void aBufferTakesNoMoreThanItsCapacity() {
    try (PartBuffer buffer = buffers.acquire(10, 10)) {
      assertThat(buffer.write(new byte[8], 0, 8)).isEqualTo(8);
      assertThat(buffer.write(new byte[8], 0, 8)).isEqualTo(2);
      assertThat(buffer.isFull()).isTrue();
    }
  }

  @Test
  void aStreamOfAClosedBufferEnds() throws IOException {
    PartBuffer buffer = buffers.acquire(10, 10);
    buffer.write(new byte[10], 0, 10);
    InputStream stream = buffer.read();

    buffer.close();

    assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
  }

  @Test
  void closingTwiceGivesBackOnce() {
    PartBuffer first = buffers.acquire(12 * MIB, 12 * MIB);
    first.close();
    first.close();
    try (PartBuffer all = buffers.acquire(12 * MIB, 12 * MIB)) {
      assertThat(isWaiting(5 * MIB)).isTrue();
      assertThat(all.size()).isZero();
    }
  }

  @Test
  void whoComesWhenAllIsReservedWaits() throws Exception {
    PartBuffer first = buffers.acquire(8 * MIB, 8 * MIB);
    CompletableFuture<PartBuffer> second = later(8 * MIB);
    assertThat(second).isNotDone();

    first.close();

    second.get(20, TimeUnit.SECONDS).close();
  }

  @Test
  void smallBuffersDoNotWaitForLargeOnes() throws Exception {
    PartBuffer large = buffers.acquire(100L * MIB, 100L * MIB);

    later(10_000).get(20, TimeUnit.SECONDS).close();

    large.close();
  }

  @Test
  void aPartLargerThanEverythingPassesAlone() throws Exception {
    later(1_000L * MIB).get(20, TimeUnit.SECONDS).close();
  }

  @Test
  void aWaitIsCancelled() throws InterruptedException {
    try (PartBuffer all = buffers.acquire(12 * MIB, 12 * MIB)) {
      List<Throwable> thrown = new ArrayList<>();
      Thread waiting =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  buffers.acquire(5 * MIB, 5 * MIB).close();
                } catch (TidewalException e) {
                  thrown.add(e);
                }
              });
      waiting.interrupt();
      waiting.join(Duration.ofSeconds(20));

      assertThat(thrown).singleElement().isInstanceOf(TidewalException.Cancelled.class);
      assertThat(all.size()).isZero();
    }
  }

  @Test
  void whatASteadyFlowDoesNotNeedIsFreedAtOnceAndTheRestInTheEnd() {
    List<PartChunk> chunks = Stream.generate(buffers::takeChunk).limit(20).toList();

    chunks.forEach(buffers::giveBack);

    assertThat(chunks).filteredOn(PartBuffersTest::isFreed).hasSize(12);
    buffers.close();
    assertThat(chunks).allMatch(PartBuffersTest::isFreed);
  }

  private static boolean isFreed(PartChunk chunk) {
    try {
      chunk.get(0, new byte[1], 0, 1);
      return false;
    } catch (IllegalStateException freed) {
      return true;
    }
  }

  private boolean isWaiting(long bytes) {
    CompletableFuture<PartBuffer> asked = later(bytes);
    try {
      asked.get(300, TimeUnit.MILLISECONDS).close();
      return false;
    } catch (java.util.concurrent.TimeoutException waiting) {
      asked.thenAccept(PartBuffer::close);
      return true;
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private CompletableFuture<PartBuffer> later(long bytes) {
    CompletableFuture<PartBuffer> result = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> result.complete(buffers.acquire(bytes, bytes)));
    return result;
  }
}
