package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CollectionAtRestTest {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final Duration MUCH = Duration.ofSeconds(20);

  @Test
  void aProcessThatWorkedAndRestsIsCollected() {
    assertThat(CollectionAtRest.isDue(TIME, Duration.ofMillis(50), MUCH)).isTrue();
  }

  @Test
  void aProcessThatStillWorksIsLeftToItsCollector() {
    assertThat(CollectionAtRest.isDue(TIME, Duration.ofSeconds(1), MUCH)).isFalse();
  }

  @Test
  void aProcessThatRestedSinceTheLastCollectionIsLeftAlone() {
    assertThat(CollectionAtRest.isDue(TIME, Duration.ZERO, Duration.ofMillis(200))).isFalse();
  }
}
