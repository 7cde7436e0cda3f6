package dev.tidewal.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcknowledgedSlotsTest {
  @TempDir Path directory;

  @Test
  void theNewestStateIsReadBackWithEveryField() throws IOException {
    Path path = directory.resolve("acknowledged");
    write(path, 1, 2, 3);

    assertThat(read(path)).isEqualTo(States.at(3));
    assertThat(AcknowledgedSlots.peek(path)).contains(States.at(3));
  }

  @Test
  void aNewFileHoldsNothingAndIsNotDamaged() throws IOException {
    try (AcknowledgedSlots slots = open(directory.resolve("acknowledged"))) {
      assertThat(slots.newest()).isEmpty();
    }
    assertThat(AcknowledgedSlots.peek(directory.resolve("missing"))).isEmpty();
  }

  @Test
  void aWriteTornAtAnyByteLeavesTheStateBeforeIt() throws IOException {
    Path path = directory.resolve("acknowledged");
    write(path, 1, 2, 3);
    byte[] before = Files.readAllBytes(path);
    byte[] slot = AcknowledgedSlots.encode(States.at(4), 4);
    int offset = (int) AcknowledgedSlots.offset(4);

    for (int torn = 0; torn <= slot.length; torn++) {
      byte[] after = before.clone();
      System.arraycopy(slot, 0, after, offset, torn);
      Files.write(path, after);

      assertThat(read(path).position().txid().value()).as("%d bytes", torn).isIn(3L, 4L);
      if (torn == slot.length) {
        assertThat(read(path)).isEqualTo(States.at(4));
      }
    }
  }

  @Test
  void aSlotOfWhichAnyPartIsGarbageLeavesTheStateBeforeIt() throws IOException {
    Path path = directory.resolve("acknowledged");
    write(path, 1, 2, 3);
    byte[] before = Files.readAllBytes(path);
    long seed = 20261120;
    Random random = new Random(seed);

    for (int round = 0; round < 2000; round++) {
      byte[] after = before.clone();
      int from = (int) AcknowledgedSlots.offset(3) + random.nextInt(180);
      byte[] garbage = new byte[1 + random.nextInt(64)];
      random.nextBytes(garbage);
      System.arraycopy(garbage, 0, after, from, garbage.length);
      Files.write(path, after);

      assertThat(read(path)).as("seed %d round %d", seed, round).isIn(States.at(2), States.at(3));
    }
  }

  @Test
  void afterATornWriteTheNextOneUsesTheRuinedSlotAgain() throws IOException {
    Path path = directory.resolve("acknowledged");
    write(path, 1, 2, 3);
    byte[] bytes = Files.readAllBytes(path);
    bytes[(int) AcknowledgedSlots.offset(3) + 30] ^= 1;
    Files.write(path, bytes);

    write(path, 5);

    assertThat(read(path)).isEqualTo(States.at(5));
    byte[] ruined = Files.readAllBytes(path);
    ruined[(int) AcknowledgedSlots.offset(3) + 30] ^= 1;
    Files.write(path, ruined);
    assertThat(read(path)).isEqualTo(States.at(2));
  }

  @Test
  void twoRuinedSlotsAreDamageAndNotAbsence() throws IOException {
    Path path = directory.resolve("acknowledged");
    write(path, 1, 2);
    byte[] bytes = Files.readAllBytes(path);
    bytes[40] ^= 1;
    bytes[AcknowledgedSlots.SLOT_DISTANCE + 40] ^= 1;
    Files.write(path, bytes);

    AcknowledgedSlots.Found found = AcknowledgedSlots.open(path);

    assertThat(found.damaged()).isTrue();
    found.slots().close();
  }

  @Test
  void anInterruptedThreadStillStoresItsStateAndStaysInterrupted() throws IOException {
    Path path = directory.resolve("acknowledged");
    try (AcknowledgedSlots slots = open(path)) {
      Thread.currentThread().interrupt();
      slots.write(States.at(1));
      assertThat(Thread.interrupted()).isTrue();
      slots.write(States.at(2));
    }

    assertThat(read(path)).isEqualTo(States.at(2));
  }

  private static void write(Path path, long... txids) throws IOException {
    try (AcknowledgedSlots slots = open(path)) {
      for (long txid : txids) {
        slots.write(States.at(txid));
      }
    }
  }

  private static Acknowledged read(Path path) throws IOException {
    try (AcknowledgedSlots slots = open(path)) {
      return slots.newest().orElseThrow();
    }
  }

  private static AcknowledgedSlots open(Path path) throws IOException {
    return AcknowledgedSlots.open(path).slots();
  }
}
