package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PartSizeTest {
  private static final long MIB = 1 << 20;
  private static final long SMALLEST = 5 * MIB;

  @Test
  void smallObjectsHaveTheSmallestParts() {
    assertThat(PartSize.bytesFor(0, SMALLEST)).isEqualTo(SMALLEST);
    assertThat(PartSize.bytesFor(50_000 * MIB, SMALLEST)).isEqualTo(SMALLEST);
  }

  @Test
  void theFirstByteTooManyMakesThemLarger() {
    assertThat(PartSize.bytesFor(50_000 * MIB + 1, SMALLEST)).isEqualTo(6 * MIB);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1L << 30, 52_428_800_000L, 1L << 40, (5L << 40) - 1, 5L << 40})
  void tenThousandPartsAlwaysSuffice(long size) {
    long part = PartSize.bytesFor(size, SMALLEST);

    assertThat(part % MIB).isZero();
    assertThat(Math.ceilDiv(size, part)).isLessThanOrEqualTo(PartSize.MAX_PARTS);
  }

  @Test
  void anUnknownSizeIsTheLargestThatS3Keeps() {
    assertThat(PartSize.bytesFor(Long.MAX_VALUE, SMALLEST))
        .isEqualTo(PartSize.bytesFor(5L << 40, SMALLEST));
  }
}
