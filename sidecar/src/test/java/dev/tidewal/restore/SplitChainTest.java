package dev.tidewal.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SplitChainTest {
  private static final int FRAME = 24 + 4096;
  private final List<SplitChain.Batch> batches = new ArrayList<>();

  @Test
  void oneWalAfterTheOtherIsOneHistory() {
    batch(1, 32, 3, 500);
    batch(1, 32 + 3 * FRAME, 1, 1);
    batch(2, 32, 2, 2);
    batch(2, 32 + 2 * FRAME, 5, 4);

    assertThat(found()).isEmpty();
  }

  @Test
  void aFullImageMayComeFromAnywhereInAWal() {
    batch(1, 32, 3, 500);
    batch(2, 32 + 9 * FRAME, 4, 500);

    assertThat(found()).isEmpty();
  }

  /** As after a checkpoint while the replicator was down; its metadata may be lost in a copy. */
  @Test
  void aDifferenceMayComeFromAnywhereInAWal() {
    batch(1, 32, 3, 500);
    batch(2, 32 + 9 * FRAME, 0, 4);
    batch(2, 32 + 9 * FRAME, 2, 2);
    batch(2, 32 + 15 * FRAME, 0, 7);

    assertThat(found()).isEmpty();
  }

  @Test
  void whatIsCompactedOrSaysNothingOfAWalIsNoSign() {
    batch(1, 32, 3, 500);
    batch(0, 0, 0, 7);
    batch(1, 32 + 3 * FRAME, 1, 1);

    assertThat(found()).isEmpty();
  }

  @Test
  void twoWritersThatTakeTurnsAreFoundByTheSaltsThatComeBack() {
    batch(1, 32, 3, 500);
    batch(2, 32, 2, 2);
    batch(1, 32 + 3 * FRAME, 1, 1);

    assertThat(found())
        .hasValueSatisfying(split -> {
          assertThat(split.toString()).contains("read two write-ahead logs in turn");
          assertThat(split.lastCommon()).isEqualTo(new Txid(1));
        });
  }

  @Test
  void aWalWhoseBeginningIsMissingIsASign() {
    batch(1, 32, 3, 500);
    batch(2, 32 + 9 * FRAME, 4, 4);

    assertThat(found()).isPresent();
  }

  @Test
  void aHoleInOneWalIsASign() {
    batch(1, 32, 3, 500);
    batch(1, 32 + 4 * FRAME, 1, 1);

    assertThat(found()).isPresent();
  }

  @Test
  void aClaimBetweenTwoWalsIsNoBatch() {
    batch(1, 32, 3, 500);
    batch(1, 32, 3, 0);
    batch(1, 32 + 3 * FRAME, 1, 1);

    assertThat(found()).isEmpty();
  }

  private Optional<SplitChain> found() {
    return SplitChain.inBatches(batches);
  }

  private void batch(int salt, long offset, int frames, long pages) {
    Txid txid = new Txid(batches.size() + 1L);
    WalSpan wal = new WalSpan(offset, (long) frames * FRAME, salt, salt);
    LtxHeader header = LtxHeader.of(4096, 500, txid, txid, 0, wal);
    batches.add(new SplitChain.Batch(LtxName.batch(txid), header, pages));
  }
}
