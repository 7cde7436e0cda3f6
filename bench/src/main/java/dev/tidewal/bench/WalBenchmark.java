package dev.tidewal.bench;

import dev.tidewal.wal.FrameConsumer;
import dev.tidewal.wal.WalChecksum;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import dev.tidewal.wal.WalScanner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Scans a WAL that SQLite wrote, from the page cache; and its checksum alone, from memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WalBenchmark {
  @Param({"512", "4096", "65536"})
  private int pageSize;

  private byte[] bytes = new byte[0];
  private Path file = Path.of("");

  @Setup
  public void setUp() throws IOException, SQLException {
    bytes = SamplePages.wal(pageSize);
    file = Files.write(Files.createTempFile("tidewal-bench-", "-wal"), bytes);
  }

  @TearDown
  public void tearDown() throws IOException {
    Files.delete(file);
  }

  @Benchmark
  public long checksum() {
    int length = bytes.length - bytes.length % 8;
    return WalChecksum.update(WalChecksum.START, bytes, 0, length, false);
  }

  @Benchmark
  public long scan(Blackhole blackhole) throws IOException {
    try (FileChannel wal = FileChannel.open(file)) {
      WalHeader header = WalScanner.readHeader(wal).orElseThrow();
      return new WalScanner(wal, header)
          .scan(header.start(), WalScanner.UNLIMITED, new Sink(blackhole))
          .commits();
    }
  }

  private record Sink(Blackhole blackhole) implements FrameConsumer {
    @Override
    public void frame(long pgno, long commit, long pageOffset) {
      blackhole.consume(pgno);
    }

    @Override
    public void commit(WalPoint end, long commitPages) {
      blackhole.consume(end);
    }
  }
}
