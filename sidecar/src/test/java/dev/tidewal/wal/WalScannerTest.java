package dev.tidewal.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalScannerTest {
  private static final int FRAME = 24 + 1024;

  @TempDir private Path directory;
  private final Random random = new Random(20261120);
  private final Frames frames = new Frames();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyCommittedFrameIsReportedInEitherByteOrder(boolean bigEndian) throws IOException {
    byte[] wal = writer(bigEndian).transaction(1, 3, 3).transaction(2, 1, 3).bytes();

    WalScan scan = scan(wal, WalScanner.UNLIMITED);

    assertThat(frames.committed)
        .containsExactly(
            new Frames.Frame(1, 0, 32 + 24),
            new Frames.Frame(2, 0, 32 + 24 + FRAME),
            new Frames.Frame(3, 3, 32 + 24 + 2 * FRAME),
            new Frames.Frame(2, 3, 32 + 24 + 3 * FRAME));
    assertThat(scan.end().offset()).isEqualTo(wal.length);
    assertThat(scan.commits()).isEqualTo(2);
    assertThat(scan.commitPages()).isEqualTo(3);
    assertThat(scan.stop()).isEqualTo(WalScan.Stop.END_OF_FILE);
  }

  @Test
  void anUncommittedTailIsNotPartOfTheResult() throws IOException {
    byte[] wal = writer().transaction(1, 3, 3).transaction(4, 5, 0).bytes();

    WalScan scan = scan(wal, WalScanner.UNLIMITED);

    assertThat(frames.committed).hasSize(3);
    assertThat(scan.end().offset()).isEqualTo(32 + 3 * FRAME);
    assertThat(scan.uncommittedFrames()).isEqualTo(5);
  }

  @Test
  void aTornFrameEndsTheWal() throws IOException {
    byte[] wal = writer().transaction(1, 3, 3).transaction(1, 3, 3).bytes();
    wal[32 + 4 * FRAME + 500] ^= 1;

    WalScan scan = scan(wal, WalScanner.UNLIMITED);

    assertThat(scan.end().offset()).isEqualTo(32 + 3 * FRAME);
    assertThat(scan.stop()).isEqualTo(WalScan.Stop.CHECKSUM);
  }

  @Test
  void aFrameOfPageZeroEndsTheWal() throws IOException {
    byte[] wal = writer().transaction(1, 3, 3).transaction(0, 2, 3).bytes();

    WalScan scan = scan(wal, WalScanner.UNLIMITED);

    assertThat(scan.end().offset()).isEqualTo(32 + 3 * FRAME);
  }

  @Test
  void framesFromBeforeTheLastRestartEndTheWal() throws IOException {
    byte[] wal = writer().transaction(1, 3, 3).otherSalts().transaction(1, 3, 3).bytes();

    WalScan scan = scan(wal, WalScanner.UNLIMITED);

    assertThat(scan.end().offset()).isEqualTo(32 + 3 * FRAME);
    assertThat(scan.stop()).isEqualTo(WalScan.Stop.SALTS);
  }

  @Test
  void aFileCutAnywhereGivesTheCommitsBeforeTheCut() throws IOException {
    byte[] wal = writer().transaction(1, 2, 9).transaction(3, 1, 9).transaction(4, 2, 9).bytes();
    long[] ends = {32, 32 + 2 * FRAME, 32 + 3 * FRAME, 32 + 5 * FRAME};
    for (int cut = 32; cut <= wal.length; cut += 131) {
      int length = cut;
      long expected = Arrays.stream(ends).filter(end -> end <= length).max().orElseThrow();

      WalScan scan = scan(Arrays.copyOf(wal, cut), WalScanner.UNLIMITED);

      assertThat(scan.end().offset()).isEqualTo(expected);
    }
  }

  @Test
  void aRolledBackTailThatWasOverwrittenInPartEndsAtTheLastCommit() throws IOException {
    byte[] rolledBack = writer().transaction(1, 2, 9).transaction(3, 6, 0).bytes();
    WalPoint end = scan(rolledBack, WalScanner.UNLIMITED, new Frames()).end();

    WalScan scan = scan(overwriteTail(rolledBack, end), WalScanner.UNLIMITED);

    assertThat(scan.end().offset()).isEqualTo(32 + 4 * FRAME);
    assertThat(frames.committed).extracting(Frames.Frame::pgno).containsExactly(1L, 2L, 7L, 8L);
  }

  @Test
  void aBudgetEndsTheScanAtACommitAndTheNextOneGoesOn() throws IOException {
    byte[] wal = writer().transaction(1, 2, 9).transaction(3, 4, 9).transaction(7, 2, 9).bytes();
    try (FileChannel file = file(wal)) {
      WalHeader header = WalScanner.readHeader(file).orElseThrow();
      WalScanner scanner = new WalScanner(file, header);

      WalScan first = scanner.scan(header.start(), 3 * FRAME, frames);
      WalScan second = scanner.scan(first.end(), 3 * FRAME, frames);

      assertThat(first.stop()).isEqualTo(WalScan.Stop.BUDGET);
      assertThat(first.end().offset()).isEqualTo(32 + 6 * FRAME);
      assertThat(second.stop()).isEqualTo(WalScan.Stop.END_OF_FILE);
      assertThat(frames.committed).hasSize(8);
    }
  }

  @Test
  void aScanCanStartAtEveryCommit() throws IOException {
    byte[] wal = writer().transaction(1, 5, 9).transaction(3, 4, 9).transaction(7, 2, 9).bytes();
    WalScan whole = scan(wal, WalScanner.UNLIMITED);
    List<WalPoint> commits = List.copyOf(frames.commits);
    try (FileChannel file = file(wal)) {
      for (WalPoint commit : commits) {
        WalScanner scanner = new WalScanner(file, WalScanner.readHeader(file).orElseThrow());

        assertThat(scanner.holds(commit)).isTrue();
        assertThat(scanner.scan(commit, WalScanner.UNLIMITED, new Frames()).end())
            .isEqualTo(whole.end());
      }
    }
  }

  @Test
  void aPointOfAnotherGenerationIsNotHeld() throws IOException {
    byte[] wal = writer().transaction(1, 5, 9).bytes();
    WalPoint end = scan(wal, WalScanner.UNLIMITED).end();
    byte[] other = writer().transaction(1, 5, 9).bytes();
    try (FileChannel file = file(other)) {
      WalScanner scanner = new WalScanner(file, WalScanner.readHeader(file).orElseThrow());

      assertThat(scanner.holds(end)).isFalse();
      assertThat(scanner.holds(WalHeader.read(ByteBuffer.wrap(wal)).orElseThrow().start()))
          .isFalse();
      assertThat(scanner.scan(end, WalScanner.UNLIMITED, frames).isEmpty()).isTrue();
    }
  }

  @Test
  void framesBeyondFourGibibytesAreFound() throws IOException {
    byte[] wal = writer().transaction(1, 2, 9).bytes();
    WalPoint end = scan(wal, WalScanner.UNLIMITED).end();
    long far = 32 + 5_000_000L * FRAME;
    byte[] more = continued(wal, end, 3);
    Path path = directory.resolve("far-wal");
    try (FileChannel file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      file.write(ByteBuffer.wrap(wal), 0);
      file.write(ByteBuffer.wrap(more), far);
      WalPoint from = new WalPoint(end.salt1(), end.salt2(), far, end.checksum1(), end.checksum2());

      WalScan scan =
          new WalScanner(file, WalScanner.readHeader(file).orElseThrow())
              .scan(from, WalScanner.UNLIMITED, new Frames());

      assertThat(scan.end().offset()).isEqualTo(far + 3 * FRAME);
    }
  }

  @Test
  void aWalWithoutAValidHeaderIsEmpty() throws IOException {
    byte[] wal = writer().transaction(1, 2, 9).bytes();
    for (int bit = 0; bit < 32 * 8; bit++) {
      byte[] broken = wal.clone();
      broken[bit / 8] ^= (byte) (1 << (bit % 8));

      assertThat(WalHeader.read(ByteBuffer.wrap(broken))).isEmpty();
    }
    assertThat(WalHeader.read(ByteBuffer.wrap(wal, 0, 31))).isEmpty();
  }

  /** Two frames (pages 7 and 8, committed) over the start of a rolled-back tail. */
  private byte[] overwriteTail(byte[] rolledBack, WalPoint end) {
    byte[] result = rolledBack.clone();
    byte[] more = continued(rolledBack, end, 2);
    System.arraycopy(more, 0, result, (int) end.offset(), more.length);
    return result;
  }

  /** Frames of one transaction, from page 7 on, as they follow {@code end}. */
  private byte[] continued(byte[] wal, WalPoint end, int count) {
    WalWriter writer = new WalWriter(1024, wal[3] == (byte) 0x83, random);
    writer.continueAt(end);
    byte[] bytes = writer.transaction(7, count, 9).bytes();
    return Arrays.copyOfRange(bytes, 32, bytes.length);
  }

  private WalWriter writer() {
    return writer(false);
  }

  private WalWriter writer(boolean bigEndian) {
    return new WalWriter(1024, bigEndian, random);
  }

  private WalScan scan(byte[] wal, long budgetBytes) throws IOException {
    return scan(wal, budgetBytes, frames);
  }

  private WalScan scan(byte[] wal, long budgetBytes, FrameConsumer consumer) throws IOException {
    try (FileChannel file = file(wal)) {
      WalHeader header = WalScanner.readHeader(file).orElseThrow();
      return new WalScanner(file, header).scan(header.start(), budgetBytes, consumer);
    }
  }

  private FileChannel file(byte[] bytes) throws IOException {
    return FileChannel.open(Files.write(directory.resolve("test-wal"), bytes));
  }
}
