package dev.tidewal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "100B, 100",
    "1KiB, 1024",
    "5 MiB, 5242880",
    "256mib, 268435456",
    "1Gi, 1073741824",
    "1.5GB, 1500000000",
    "10M, 10000000",
    "1.5KiB, 1536",
    "7PiB, 7881299347898368"
  })
  void readsWhatPeopleWrite(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MiB", "ten", "-1", "1 MiBs", "1xB", "1,5MB", "1bi", "5%"})
  void anythingElseIsNamedNotASize(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageStartingWith("is not a size: write");
  }

  @Test
  void moreThanALongHoldsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse("9999PiB"))
        .withMessage("is larger than 8 EiB");
  }

  @ParameterizedTest
  @CsvSource({"0, 0B", "1536, 1536B", "2048, 2KiB", "268435456, 256MiB", "1099511627776, 1TiB"})
  void textFormIsTheLargestExactUnitAndReadsBack(long bytes, String text) {
    assertThat(new ByteSize(bytes)).hasToString(text);
    assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
  }
}
