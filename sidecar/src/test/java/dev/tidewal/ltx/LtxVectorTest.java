package dev.tidewal.ltx;

import static dev.tidewal.ltx.LtxFiles.pages;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Txid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The vectors of superfly/ltx (frames) and one computed by an independent script (blocks). */
class LtxVectorTest {
  @Test
  void snapshotWithFramesHasTheUpstreamChecksum() throws IOException {
    LtxHeader header = LtxFiles.checksummed(1024, 3, 1, 2, 2000, 0);
    Map<Long, byte[]> pages = pages(1024, 1, 0x91, 2, 0x82, 3, 0x93);

    byte[] file = LtxFiles.file(header, pages, 0x8a249272ad9f7deaL, new GolangFrame());

    verify(file, 295, 0xe836ad7ac0be7594L, "0164330297013303ca013300");
  }

  @Test
  void changesWithFramesHaveTheUpstreamChecksum() throws IOException {
    LtxHeader header = LtxFiles.checksummed(1024, 5, 2, 9, 3000, PageChecksum.FLAG | 2);
    Map<Long, byte[]> pages = pages(1024, 1, 0x91, 2, 0xa2, 3, 0xa3, 5, 0xa5);

    byte[] file = LtxFiles.file(header, pages, PageChecksum.FLAG | 9, new GolangFrame());

    verify(file, 350, 0xc08218012f50038eL, "0164330297013303ca013305fd013300");
  }

  @Test
  void oneChangedPageWithFramesHasTheUpstreamChecksum() throws IOException {
    LtxHeader header = LtxFiles.checksummed(1024, 2, 2, 5, 2000, PageChecksum.FLAG | 2);

    byte[] file =
        LtxFiles.file(header, pages(1024, 1, 0x91), PageChecksum.FLAG | 5, new GolangFrame());

    verify(file, 185, 0x83c62dde98efed0fL, "01643300");
  }

  @Test
  void literalOnlyBlockHasTheIndependentChecksum() throws IOException {
    LtxHeader header = LtxHeader.of(512, 1, Txid.FIRST, Txid.FIRST, 1000, LtxHeader.WalSpan.NONE);

    byte[] file = LtxFiles.file(header, pages(512, 1, 0), 0, new LiteralBlock());

    verify(file, 660, 0xc3c28bb7eab055d0L, "01648d0400");
  }

  private static void verify(byte[] file, long size, long checksum, String index)
      throws IOException {
    assertThat(HexFormat.of().formatHex(LtxFiles.indexOf(file))).isEqualTo(index);
    try (LtxReader reader = LtxFiles.reader(file)) {
      LtxSummary summary = reader.finish();
      assertThat(summary.sizeBytes()).isEqualTo(size).isEqualTo(file.length);
      assertThat(HexFormat.of().toHexDigits(summary.fileChecksum()))
          .isEqualTo(HexFormat.of().toHexDigits(checksum));
    }
  }

  private static final class GolangFrame implements LtxFiles.Encoding {
    @Override
    public int flags() {
      return 0;
    }

    @Override
    public byte[] payload(byte[] page) {
      return Lz4Frames.golang(page[0]);
    }
  }

  /** A block without any match: token, length in extra bytes, 512 literals. */
  private static final class LiteralBlock implements LtxFiles.Encoding {
    @Override
    public int flags() {
      return 1;
    }

    @Override
    public byte[] payload(byte[] page) {
      ByteBuffer block = ByteBuffer.allocate(4 + 515);
      block.putInt(515).put((byte) 0xf0).put((byte) 255).put((byte) 242).put(page);
      return block.array();
    }
  }
}
