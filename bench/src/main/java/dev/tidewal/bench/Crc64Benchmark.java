package dev.tidewal.bench;

import dev.tidewal.ltx.Crc64;
import dev.tidewal.ltx.PageChecksum;
import java.util.Random;
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
import org.openjdk.jmh.annotations.Warmup;

/** One page through CRC-64. A target of DESIGN: 1.5 GB/s a core, so 2.7 us for 4 KiB at most. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Crc64Benchmark {
  @Param({"512", "4096", "65536"})
  private int pageSize;

  private byte[] page = new byte[0];
  private Crc64.Shift shift = Crc64.Shift.of(0);
  private long crc = 1;

  @Setup
  public void setUp() {
    page = new byte[pageSize];
    new Random(1).nextBytes(page);
    shift = Crc64.Shift.of(pageSize);
  }

  @Benchmark
  public long update() {
    crc = Crc64.update(crc, page, 0, pageSize);
    return crc;
  }

  /** File CRC and page checksum, a pass each. */
  @Benchmark
  public long bothInTwoPasses() {
    crc = Crc64.update(crc, page, 0, pageSize);
    return crc ^ PageChecksum.of(7, page, 0, pageSize);
  }

  /** Both from the CRC of the page alone, as writer and reader do it. */
  @Benchmark
  public long bothInOnePass() {
    long pageCrc = Crc64.update(Crc64.EMPTY, page, 0, pageSize);
    crc = shift.combine(crc, pageCrc);
    return crc ^ shift.combine(7, pageCrc);
  }

  @Benchmark
  public long combineByTable() {
    crc = shift.combine(crc, 42);
    return crc;
  }

  @Benchmark
  public long combineByPowers() {
    crc = Crc64.combine(crc, 42, pageSize);
    return crc;
  }
}
