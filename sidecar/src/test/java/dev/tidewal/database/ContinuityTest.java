package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.database.Continuity.Behind;
import dev.tidewal.database.Continuity.Forked;
import dev.tidewal.database.Continuity.Found;
import dev.tidewal.database.Continuity.Proven;
import dev.tidewal.database.Continuity.Reason;
import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.database.Continuity.Unproven;
import dev.tidewal.database.Continuity.Untouched;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContinuityTest {
  private static final WalHeader HEADER = new WalHeader(false, 3_007_000, 4096, 0, 7, 8, 1, 2);
  private static final WalHeader RESTARTED = new WalHeader(false, 3_007_000, 4096, 1, 8, 9, 1, 2);
  private static final long OFFSET = 32 + 10 * 4120;
  private static final Optional<WalPoint> POINT = Optional.of(new WalPoint(7, 8, OFFSET, 3, 4));

  @Test
  void theSameSaltsAndChecksumProveIt() {
    Continuity judged = Continuity.judge(recorded(false), found(HEADER, true, OFFSET));

    assertThat(judged).isEqualTo(new Proven(POINT.orElseThrow()));
  }

  @Test
  void moreFramesBehindThePointProveItToo() {
    Continuity judged = Continuity.judge(recorded(false), found(HEADER, true, OFFSET + 4120));

    assertThat(judged).isInstanceOf(Proven.class);
  }

  @Test
  void aRestartedWalProvesNothingEvenIfAllWasBackfilled() {
    Continuity judged = Continuity.judge(recorded(true), found(RESTARTED, false, OFFSET + 4120));

    assertThat(judged).isEqualTo(new Unproven(Reason.OTHER_SALTS));
  }

  @Test
  void anotherChecksumUnderTheSameSaltsIsAFork() {
    Continuity judged = Continuity.judge(recorded(false), found(HEADER, false, OFFSET));

    assertThat(judged).isEqualTo(new Forked(Reason.OTHER_CHECKSUM));
  }

  @Test
  void aWalThatEndsBeforeThePointIsBehind() {
    Continuity judged = Continuity.judge(recorded(false), found(HEADER, false, OFFSET - 4120));

    assertThat(judged).isEqualTo(new Behind(OFFSET - 4120, POINT.orElseThrow()));
  }

  @Test
  void aMissingWalIsHarmlessOnlyIfAllWasBackfilled() {
    Found nothing = new Found(Optional.empty(), false, 0, false);

    assertThat(Continuity.judge(recorded(true), nothing)).isEqualTo(new Unproven(Reason.WAL_GONE));
    assertThat(Continuity.judge(recorded(false), nothing))
        .isEqualTo(new Forked(Reason.WAL_GONE_UNBACKFILLED));
  }

  @Test
  void withoutARecordNothingIsProven() {
    Continuity judged = Continuity.judge(Recorded.NOTHING, found(HEADER, false, OFFSET));

    assertThat(judged).isEqualTo(new Unproven(Reason.NOTHING_RECORDED));
  }

  @Test
  void aDatabaseFileThatNobodyWroteToProvesItWhateverBecameOfTheWal() {
    Found gone = new Found(Optional.empty(), false, 0, true);
    Found restarted = new Found(Optional.of(RESTARTED), false, OFFSET, true);

    assertThat(Continuity.judge(recorded(true), gone)).isEqualTo(new Untouched());
    assertThat(Continuity.judge(recorded(true), restarted)).isEqualTo(new Untouched());
  }

  @Test
  void inTheSameWalOnlyItsOwnChecksumCounts() {
    Found other = new Found(Optional.of(HEADER), false, OFFSET, true);

    assertThat(Continuity.judge(recorded(true), other))
        .isEqualTo(new Forked(Reason.OTHER_CHECKSUM));
  }

  private static Recorded recorded(boolean backfilled) {
    return new Recorded(POINT, 100, backfilled);
  }

  private static Found found(WalHeader header, boolean holdsPoint, long walEnd) {
    return new Found(Optional.of(header), holdsPoint, walEnd, false);
  }
}
