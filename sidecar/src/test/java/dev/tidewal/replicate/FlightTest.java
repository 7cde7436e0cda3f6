package dev.tidewal.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlightTest {
  /** As when there is no memory for a description of the failure. */
  @Test
  void whatFailsWithoutWordsHasFailed() throws Exception {
    CountDownLatch landed = new CountDownLatch(1);
    Flight flight = new Flight("app.db", landed::countDown);

    flight.start(
        () -> {
          throw new Unspeakable();
        },
        0);

    assertThat(landed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(flight.take()).get().isInstanceOf(UploadResult.Failed.class);
    assertThat(flight.isUnderWay()).isFalse();
  }

  private static final class Unspeakable extends Error {
    private static final long serialVersionUID = 1;

    @Override
    public String toString() {
      throw new OutOfMemoryError("injected");
    }
  }
}
