package dev.tidewal.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Lz4FrameTest {
  private final Random random = new Random(20261120);

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void everyKindOfFrameIsInflatedAndItsEndIsFound(int pageSize) throws Lz4Frame.Malformed {
    byte[] page = halfRandom(pageSize);
    for (int flags = 0; flags < 0x40; flags += 4) {
      for (int blockBytes : new int[] {7, 100, pageSize / 2, pageSize}) {
        byte[] frame = Lz4Frames.frame(page, flags, blockBytes);
        byte[] followed = Arrays.copyOf(frame, frame.length + 100);
        random.nextBytes(Arrays.copyOfRange(followed, frame.length, followed.length));
        byte[] out = new byte[pageSize + 20];

        int length = Lz4Frame.inflate(followed, 0, followed.length, out, 10, pageSize);

        assertThat(length).isEqualTo(frame.length);
        assertThat(Arrays.copyOfRange(out, 10, 10 + pageSize)).isEqualTo(page);
        assertThat(frame.length).isLessThanOrEqualTo(PageFrame.maxFrameBytes(pageSize));
      }
    }
  }

  @Test
  void aLinkedBlockReachesIntoTheOneBefore() throws Lz4Frame.Malformed {
    byte[] half = new byte[2048];
    random.nextBytes(half);
    byte[] page = Arrays.copyOf(half, 4096);
    System.arraycopy(half, 0, page, 2048, 2048);
    byte[] frame = Lz4Frames.linked(page, 2048);
    byte[] out = new byte[4096];

    int length = Lz4Frame.inflate(frame, 0, frame.length, out, 0, 4096);

    assertThat(length).isEqualTo(frame.length).isLessThan(3000);
    assertThat(out).isEqualTo(page);
  }

  @Test
  void aFrameCutAnywhereAsksForMore() throws Lz4Frame.Malformed {
    byte[] frame = Lz4Frames.frame(halfRandom(512), 0x3c, 200);
    for (int cut = 0; cut < frame.length; cut++) {
      assertThat(Lz4Frame.inflate(frame, 0, cut, new byte[512], 0, 512)).isNegative();
    }
  }

  @Test
  void aFrameOfAnotherSizeIsRefused() {
    byte[] frame = Lz4Frames.litestream(new byte[1024]);

    assertThatThrownBy(() -> Lz4Frame.inflate(frame, 0, frame.length, new byte[512], 0, 512))
        .isInstanceOf(Lz4Frame.Malformed.class);
    assertThatThrownBy(() -> Lz4Frame.inflate(frame, 0, frame.length, new byte[2048], 0, 2048))
        .isInstanceOf(Lz4Frame.Malformed.class)
        .hasMessageContaining("does not hold a page");
  }

  @Test
  void aFlippedBitIsNoticedWhereverChecksumsReach() {
    byte[] page = halfRandom(512);
    byte[] frame = Lz4Frames.frame(page, 0x34, 200);
    for (int bit = 0; bit < frame.length * 8; bit++) {
      byte[] broken = frame.clone();
      broken[bit / 8] ^= (byte) (1 << (bit % 8));

      assertThat(inflates(broken)).describedAs("bit %d", bit).isFalse();
    }
  }

  private static boolean inflates(byte[] frame) {
    try {
      return Lz4Frame.inflate(frame, 0, frame.length, new byte[512], 0, 512) == frame.length;
    } catch (Lz4Frame.Malformed e) {
      return false;
    }
  }

  private byte[] halfRandom(int size) {
    byte[] page = new byte[size];
    random.nextBytes(page);
    Arrays.fill(page, size / 4, size - size / 4, (byte) 7);
    return page;
  }
}
