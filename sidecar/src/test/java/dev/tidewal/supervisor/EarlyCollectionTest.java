package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class EarlyCollectionTest {
  private static final long MIB = 1 << 20;

  @Test
  void theNextCollectionComesAtTwiceOfWhatLives() {
    assertThat(EarlyCollection.thresholdBytes(50 * MIB, 500 * MIB)).isEqualTo(100 * MIB);
    assertThat(EarlyCollection.thresholdBytes(50 * MIB, -1)).isEqualTo(100 * MIB);
  }

  @Test
  void aSmallHeapIsLeftAlone() {
    assertThat(EarlyCollection.thresholdBytes(0, 500 * MIB)).isEqualTo(24 * MIB);
    assertThat(EarlyCollection.thresholdBytes(3 * MIB, 500 * MIB)).isEqualTo(24 * MIB);
  }

  @Test
  void nearTheLimitTheCollectorIsLeftToItself() {
    assertThat(EarlyCollection.thresholdBytes(50 * MIB, 100 * MIB)).isZero();
    assertThat(EarlyCollection.thresholdBytes(49 * MIB, 100 * MIB)).isEqualTo(98 * MIB);
  }

  @Test
  void theOldGenerationIsWatchedUntilTheEnd() {
    EarlyCollection watching = EarlyCollection.start().orElse(null);
    Assumptions.assumeTrue(watching != null, "this collector has no pool that can be watched");
    MemoryPoolMXBean pool =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(each -> each.getType() == MemoryType.HEAP && each.isUsageThresholdSupported())
            .findFirst()
            .orElseThrow();

    assertThat(pool.getUsageThreshold()).isGreaterThanOrEqualTo(24 * MIB);
    watching.close();

    assertThat(pool.getUsageThreshold()).isZero();
  }
}
