package dev.tidewal.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.replicate.Backlog.Action;
import dev.tidewal.replicate.Backlog.Limits;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private static final long MIB = 1 << 20;
  private static final Limits LIMITS = new Limits(256 * MIB, 1024 * MIB);
  private static final long DISK = 100_000 * MIB;

  @Test
  void whatWaitsStaysInTheWalWhileItIsSmall() {
    assertThat(new Backlog(90 * MIB, 0, 0, DISK, DISK).decide(LIMITS))
        .isEqualTo(Action.KEEP_IN_WAL);
  }

  @Test
  void aFullWalIsSpooled() {
    assertThat(new Backlog(200 * MIB, 500 * MIB, 3, DISK, DISK).decide(LIMITS))
        .isEqualTo(Action.SPOOL);
  }

  @Test
  void aFullSpoolIsMerged() {
    assertThat(new Backlog(200 * MIB, 900 * MIB, 4, DISK, DISK).decide(LIMITS))
        .isEqualTo(Action.MERGE_SPOOL);
  }

  @Test
  void aMergedSpoolThatIsStillFullIsDropped() {
    assertThat(new Backlog(200 * MIB, 900 * MIB, 1, DISK, DISK).decide(LIMITS))
        .isEqualTo(Action.DROP);
  }

  @Test
  void theLastTenthOfTheDiskIsNeverTaken() {
    assertThat(new Backlog(200 * MIB, 0, 0, DISK / 10 + 100 * MIB, DISK).decide(LIMITS))
        .isEqualTo(Action.DROP);
  }
}
