package dev.tidewal.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException.NothingToRestore;
import dev.tidewal.core.TidewalException.Refused;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GenerationPlanTest {
  private static final String A = "aaaaaaaaaaaaaaaa";
  private static final String B = "bbbbbbbbbbbbbbbb";

  @Test
  void latestIsTheNewestSnapshotOfTheGenerationWrittenLastAndAllBehindIt() {
    GenerationPlan plan = decide(new GenerationTarget.Latest());

    assertThat(plan.snapshot().index()).isEqualTo(2);
    assertThat(plan.segments())
        .extracting(WalSegment::key)
        .containsExactly("B/2/0", "B/2/4096", "B/3/0", "B/3/4294967296");
  }

  @Test
  void aMomentTakesNothingThatWasStoredLater() {
    GenerationPlan plan = decide(new GenerationTarget.AtTime(at(113)));

    assertThat(plan.snapshot().index()).isZero();
    assertThat(plan.generation()).isEqualTo(B);
    assertThat(plan.segments()).extracting(WalSegment::key).containsExactly("B/0/0", "B/1/0");
  }

  @Test
  void aMomentBeforeAGenerationGoesToTheOneBefore() {
    assertThat(decide(new GenerationTarget.AtTime(at(50))).generation()).isEqualTo(A);
  }

  @Test
  void aGenerationAndAnIndexCanBeNamed() {
    assertThat(decide(new GenerationTarget.InGeneration(A)).updated()).isEqualTo(at(12));
    GenerationPlan plan = decide(new GenerationTarget.AtIndex(B, 1));
    assertThat(plan.snapshot().index()).isZero();
    assertThat(plan.lastIndex()).isEqualTo(1);
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertThatThrownBy(() -> decide(new GenerationTarget.AtTime(at(1))))
        .isInstanceOf(NothingToRestore.class);
    assertThatThrownBy(() -> decide(new GenerationTarget.AtIndex(B, 9)))
        .isInstanceOf(NothingToRestore.class)
        .hasMessageContaining("ends with WAL 00000003, before 00000009");
    assertThatThrownBy(() -> decide(new GenerationTarget.InGeneration("cccccccccccccccc")))
        .isInstanceOf(NothingToRestore.class);
  }

  @Test
  void aMissingWalIsNamed() {
    Generation broken =
        new Generation(A, List.of(snapshot(A, 0, 10)), List.of(wal(A, 0, 0, 11), wal(A, 2, 0, 12)));

    assertThatThrownBy(
            () -> GenerationPlan.decide("s3://b", List.of(broken), new GenerationTarget.Latest()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("WAL 00000001 of generation " + A + " is missing");
  }

  private static GenerationPlan decide(GenerationTarget target) {
    Generation a =
        new Generation(A, List.of(snapshot(A, 0, 10)), List.of(wal(A, 0, 0, 11), wal(A, 1, 0, 12)));
    Generation b =
        new Generation(
            B,
            List.of(snapshot(B, 2, 114), snapshot(B, 0, 110)),
            Stream.of(
                    wal(B, 3, 0x1_0000_0000L, 118),
                    wal(B, 3, 0, 117),
                    wal(B, 2, 4096, 116),
                    wal(B, 2, 0, 115),
                    wal(B, 1, 0, 112),
                    wal(B, 0, 0, 111))
                .toList());
    return GenerationPlan.decide("file:///r", List.of(a, b), target);
  }

  private static GenerationSnapshot snapshot(String generation, long index, int second) {
    return new GenerationSnapshot(generation, index, "snapshot", 100, at(second));
  }

  private static WalSegment wal(String generation, long index, long offset, int second) {
    String key = Character.toUpperCase(generation.charAt(0)) + "/" + index + "/" + offset;
    return new WalSegment(generation, index, offset, key, 10, at(second));
  }

  private static Instant at(int second) {
    return Instant.ofEpochSecond(1_000_000 + second);
  }
}
