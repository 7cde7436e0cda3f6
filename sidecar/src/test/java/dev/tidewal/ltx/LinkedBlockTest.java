package dev.tidewal.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;

class LinkedBlockTest {
  private static final int PAGE = 1024;
  private static final int BEFORE = 100;

  private final Random random = new Random(20261120);

  @Test
  void blocksOfTheLibraryInflateToTheirPages() {
    for (int round = 0; round < 500; round++) {
      byte[] page = new byte[PAGE];
      random.nextBytes(page);
      int from = random.nextInt(PAGE);
      Arrays.fill(page, from, from + random.nextInt(PAGE - from), (byte) 7);
      byte[] block = LZ4Factory.fastestInstance().fastCompressor().compress(page);
      byte[] out = new byte[BEFORE + PAGE];

      int inflated = LinkedBlock.inflate(block, 0, block.length, out, BEFORE, 0, PAGE);

      assertThat(inflated).isEqualTo(PAGE);
      assertThat(Arrays.copyOfRange(out, BEFORE, BEFORE + PAGE)).isEqualTo(page);
    }
  }

  @Test
  void aMatchReachesBackToTheStartOfThePageAndNoFurther() {
    byte[] out = new byte[BEFORE + PAGE];
    Arrays.fill(out, BEFORE, BEFORE + 10, (byte) 5);

    assertThat(LinkedBlock.inflate(match(10), 0, 5, out, BEFORE, 10, PAGE)).isEqualTo(5);
    assertThat(Arrays.copyOfRange(out, BEFORE, BEFORE + 15)).containsSequence(5, 5, 5, 5, 9);
    assertThat(LinkedBlock.inflate(match(11), 0, 5, out, BEFORE, 10, PAGE)).isEqualTo(-1);
    assertThat(LinkedBlock.inflate(match(0), 0, 5, out, BEFORE, 10, PAGE)).isEqualTo(-1);
  }

  @Test
  void noiseNeitherFailsNorReachesOutsideThePage() {
    for (int round = 0; round < 100_000; round++) {
      byte[] block = new byte[random.nextInt(60)];
      random.nextBytes(block);
      byte[] out = new byte[BEFORE + 200 + BEFORE];

      int inflated = LinkedBlock.inflate(block, 0, block.length, out, BEFORE, 50, 200);

      boolean untouched =
          Arrays.equals(out, 0, BEFORE + 50, new byte[BEFORE + 50], 0, BEFORE + 50)
              && Arrays.equals(out, BEFORE + 200, out.length, new byte[BEFORE], 0, BEFORE);
      if (inflated < -1 || inflated > 150 || !untouched) {
        fail("round %d: %s", round, Arrays.toString(block));
      }
    }
  }

  /** Four bytes from {@code distance} before, then a literal 9. */
  private static byte[] match(int distance) {
    return new byte[] {0x00, (byte) distance, 0x00, 0x10, 9};
  }
}
