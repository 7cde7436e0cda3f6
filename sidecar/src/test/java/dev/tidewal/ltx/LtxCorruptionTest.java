package dev.tidewal.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.TidewalException.Corrupt;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No damage to a file goes unnoticed, by neither way of reading; every complaint names the file.
 */
class LtxCorruptionTest {
  private static final int PAGE = 512;

  /** Files of each kind, small enough to break every bit. */
  enum Kind {
    BLOCKS,
    FRAMES,
    BLOCK_SNAPSHOT,
    CHECKSUMMED,
    CHECKSUMMED_SNAPSHOT,
    CLAIM,
    DELETION;

    byte[] bytes() {
      SortedMap<Long, byte[]> none = new TreeMap<>();
      return switch (this) {
        case BLOCKS -> file(LtxFiles.header(PAGE, 9, 3, 4), 0, LtxFiles.BLOCKS);
        case FRAMES -> file(LtxFiles.header(PAGE, 9, 3, 4), 0, LtxFiles.FRAMES);
        case BLOCK_SNAPSHOT -> file(LtxFiles.header(PAGE, 3, 1, 4), 0, LtxFiles.BLOCKS);
        case CHECKSUMMED -> file(checksummed(3, 2, PageChecksum.FLAG | 5), -7, LtxFiles.FRAMES);
        case CHECKSUMMED_SNAPSHOT -> file(checksummed(3, 1, 0), rolling(), LtxFiles.BLOCKS);
        case CLAIM -> LtxFiles.file(LtxFiles.header(PAGE, 9, 3, 3), none, 0, LtxFiles.BLOCKS);
        case DELETION ->
            LtxFiles.file(checksummed(0, 3, -1), none, PageChecksum.FLAG, LtxFiles.BLOCKS);
      };
    }
  }

  /** A way to read a whole file, with the pages that came out. */
  enum Way {
    STREAM {
      @Override
      SortedMap<Long, byte[]> read(byte[] file) throws IOException {
        return LtxFiles.read(file);
      }
    },
    CHUNKS {
      @Override
      SortedMap<Long, byte[]> read(byte[] file) throws IOException {
        return LtxFiles.readChunks(file);
      }
    };

    abstract SortedMap<Long, byte[]> read(byte[] file) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void theIntactFileIsRead(Kind kind) throws IOException {
    for (Way way : Way.values()) {
      Map<Long, byte[]> pages = way.read(kind.bytes());

      boolean empty = kind == Kind.CLAIM || kind == Kind.DELETION;
      assertThat(pages).hasSize(empty ? 0 : 3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFlipOfAnyBitIsFoundUnlessThePagesStayTheSame(Kind kind) throws IOException {
    byte[] bytes = kind.bytes();
    for (Way way : Way.values()) {
      SortedMap<Long, byte[]> intact = way.read(bytes);
      for (int bit = 0; bit < bytes.length * 8; bit++) {
        byte[] broken = bytes.clone();
        broken[bit / 8] ^= (byte) (1 << (bit % 8));

        SortedMap<Long, byte[]> pages = readOrNull(way, broken);

        if (pages != null) {
          assertThat(inFrame(bytes, bit / 8)).describedAs("%s bit %d", way, bit).isTrue();
          assertThat(pages.keySet()).isEqualTo(intact.keySet());
          pages.forEach((pgno, page) -> assertThat(page).isEqualTo(intact.get(pgno)));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyTruncationIsFound(Kind kind) throws IOException {
    byte[] bytes = kind.bytes();
    for (Way way : Way.values()) {
      for (int length = 0; length < bytes.length; length++) {
        assertThat(readOrNull(way, Arrays.copyOf(bytes, length)))
            .describedAs("%s cut at %d", way, length)
            .isNull();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesBehindTheEndAreFound(Kind kind) throws IOException {
    byte[] bytes = kind.bytes();
    for (Way way : Way.values()) {
      for (int more = 1; more < 40; more++) {
        assertThat(readOrNull(way, Arrays.copyOf(bytes, bytes.length + more))).isNull();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesReplacedByOnesOrNoiseAreFound(Kind kind) throws IOException {
    byte[] bytes = kind.bytes();
    Random random = new Random(20261120);
    for (int round = 0; round < 2000; round++) {
      byte[] broken = bytes.clone();
      int at = random.nextInt(broken.length);
      int to = Math.min(broken.length, at + 1 + random.nextInt(8));
      byte[] noise = new byte[to - at];
      if (random.nextBoolean()) {
        random.nextBytes(noise);
      } else {
        Arrays.fill(noise, (byte) -1);
      }
      System.arraycopy(noise, 0, broken, at, noise.length);
      for (Way way : Way.values()) {
        SortedMap<Long, byte[]> pages = readOrNull(way, broken);

        if (pages != null && !Arrays.equals(broken, bytes)) {
          SortedMap<Long, byte[]> intact = way.read(bytes);
          assertThat(pages.keySet()).isEqualTo(intact.keySet());
          pages.forEach((pgno, page) -> assertThat(page).isEqualTo(intact.get(pgno)));
        }
      }
    }
  }

  /** The pages, or null when the file was found to be corrupt; nothing else may happen. */
  private static @Nullable SortedMap<Long, byte[]> readOrNull(Way way, byte[] file)
      throws IOException {
    try {
      return way.read(file);
    } catch (Corrupt e) {
      assertThat(e).hasMessageStartingWith("test.ltx: ").hasMessageNotContaining("\n");
      return null;
    }
  }

  private static boolean inFrame(byte[] file, int at) {
    return at >= LtxHeader.SIZE && at < file.length - 24 - LtxFiles.indexOf(file).length - 6;
  }

  private static LtxHeader checksummed(long commit, long min, long pre) {
    return LtxFiles.checksummed(PAGE, commit, min, 4, 1, pre);
  }

  private static byte[] file(LtxHeader header, long post, LtxFiles.Encoding encoding) {
    return LtxFiles.file(header, pages(), post, encoding);
  }

  private static SortedMap<Long, byte[]> pages() {
    Random random = new Random(20261120);
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (long pgno = 1; pgno <= 3; pgno++) {
      byte[] page = new byte[PAGE];
      random.nextBytes(page);
      Arrays.fill(page, 50, 500, (byte) pgno);
      pages.put(pgno, page);
    }
    return pages;
  }

  private static long rolling() {
    long rolling = PageChecksum.FLAG;
    for (Map.Entry<Long, byte[]> page : pages().entrySet()) {
      rolling =
          PageChecksum.toggle(rolling, PageChecksum.of(page.getKey(), page.getValue(), 0, PAGE));
    }
    return rolling;
  }
}
