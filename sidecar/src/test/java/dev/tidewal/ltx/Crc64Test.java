package dev.tidewal.ltx;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Crc64Test {
  private final Random random = new Random(20261120);

  @Test
  void theCheckValueIsTheCataloguesOne() {
    byte[] digits = "123456789".getBytes(US_ASCII);

    assertThat(Crc64.update(Crc64.EMPTY, digits, 0, 9)).isEqualTo(0xb90956c775a41001L);
  }

  @Test
  void everyLengthAndOffsetAgreesWithTheBitwiseDefinition() {
    byte[] bytes = bytes(1200);
    for (int offset = 0; offset < 10; offset++) {
      for (int length = 0; length <= 1180; length++) {
        assertThat(Crc64.update(Crc64.EMPTY, bytes, offset, length))
            .isEqualTo(bitwise(bytes, offset, length));
      }
    }
  }

  @Test
  void aPrefixCanBeContinued() {
    byte[] bytes = bytes(1000);
    for (int cut = 0; cut <= 1000; cut += 37) {
      long prefix = Crc64.update(Crc64.EMPTY, bytes, 0, cut);

      assertThat(Crc64.update(prefix, bytes, cut, 1000 - cut)).isEqualTo(bitwise(bytes, 0, 1000));
    }
  }

  @Test
  void twoPartsCombineToTheWhole() {
    byte[] bytes = bytes(3000);
    for (int cut = 0; cut <= 3000; cut += 101) {
      long a = Crc64.update(Crc64.EMPTY, bytes, 0, cut);
      long b = Crc64.update(Crc64.EMPTY, bytes, cut, 3000 - cut);

      assertThat(Crc64.combine(a, b, 3000 - cut)).isEqualTo(bitwise(bytes, 0, 3000));
      assertThat(Crc64.Shift.of(3000 - cut).combine(a, b)).isEqualTo(bitwise(bytes, 0, 3000));
    }
  }

  @Test
  void aHugeSecondPartCombinesAsManySmallOnesDo() {
    byte[] zeros = new byte[1 << 20];
    long part = Crc64.update(Crc64.EMPTY, zeros, 0, zeros.length);
    long parts = 42;
    for (int i = 0; i < 5000; i++) {
      parts = Crc64.combine(parts, part, zeros.length);
    }
    long second = part;
    for (int i = 1; i < 5000; i++) {
      second = Crc64.combine(second, part, zeros.length);
    }

    assertThat(Crc64.combine(42, second, 5000L << 20)).isEqualTo(parts);
  }

  @Test
  void anIntegerIsFourBigEndianBytes() {
    byte[] bytes = {(byte) 0xfe, (byte) 0xdc, (byte) 0xba, (byte) 0x98};

    assertThat(Crc64.updateInt(77, 0xfedcba98)).isEqualTo(Crc64.update(77, bytes, 0, 4));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static long bitwise(byte[] bytes, int offset, int length) {
    long crc = -1;
    for (int i = offset; i < offset + length; i++) {
      crc ^= bytes[i] & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? (crc >>> 1) ^ 0xD800000000000000L : crc >>> 1;
      }
    }
    return ~crc;
  }
}
