package dev.tidewal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> KEYS = List.of("sync-interval", "access-key-id", "region");

  @Test
  void aSlipOfTheFingerFindsTheKnownName() {
    assertThat(Nearest.to("sync-intervall", KEYS)).contains("sync-interval");
    assertThat(Nearest.to("acces-keyid", KEYS)).contains("access-key-id");
    assertThat(Nearest.to("Regoin", KEYS)).contains("region");
  }

  @Test
  void anotherWordFindsNothing() {
    assertThat(Nearest.to("bucket", KEYS)).isEmpty();
    assertThat(Nearest.to("x", List.of())).isEmpty();
  }
}
