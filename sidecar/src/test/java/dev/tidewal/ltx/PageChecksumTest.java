package dev.tidewal.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PageChecksumTest {
  @Test
  void rollingChecksumOfThreeSmallPagesIsTheVector() {
    assertThat(rolling(512, 0x01, 0x02, 0x03)).isEqualTo(0xefffffffecd99000L);
  }

  @Test
  void rollingChecksumOfThreeLargerPagesIsTheVector() {
    assertThat(rolling(1024, 0x91, 0x82, 0x93)).isEqualTo(0x8a249272ad9f7deaL);
  }

  @Test
  void rollingChecksumOfOnePageIsTheVector() {
    assertThat(rolling(512, '1')).isEqualTo(0xeb1a999231044dddL);
  }

  @Test
  void aPageCanBeReplacedWithoutReadingTheOthers() {
    long before = rolling(512, 0x01, 0x02, 0x03);
    long old = PageChecksum.of(2, page(512, 0x02), 0, 512);
    long changed = PageChecksum.of(2, page(512, 0x77), 0, 512);

    long after = PageChecksum.toggle(PageChecksum.toggle(before, old), changed);

    assertThat(after).isEqualTo(rolling(512, 0x01, 0x77, 0x03));
  }

  @Test
  void theCrcOfThePageAloneIsEnough() {
    byte[] page = page(4096, 0x5a);
    long pageCrc = Crc64.update(Crc64.EMPTY, page, 0, 4096);

    assertThat(PageChecksum.ofCrc(0xfffffffdL, pageCrc, Crc64.Shift.ofPage(4096)))
        .isEqualTo(PageChecksum.of(0xfffffffdL, page, 0, 4096));
  }

  private static long rolling(int pageSize, int... fills) {
    long rolling = PageChecksum.FLAG;
    for (int i = 0; i < fills.length; i++) {
      long page = PageChecksum.of(i + 1, page(pageSize, fills[i]), 0, pageSize);
      rolling = PageChecksum.toggle(rolling, page);
    }
    return rolling;
  }

  private static byte[] page(int pageSize, int fill) {
    byte[] page = new byte[pageSize];
    Arrays.fill(page, (byte) fill);
    return page;
  }
}
