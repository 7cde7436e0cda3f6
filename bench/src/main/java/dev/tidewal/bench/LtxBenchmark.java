package dev.tidewal.bench;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.ChunkDecoder;
import dev.tidewal.ltx.LtxChunk;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxIndex;
import dev.tidewal.ltx.LtxMerge;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.ltx.LtxVerifier;
import dev.tidewal.ltx.LtxWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
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

/** A snapshot of a sample database in memory: written, read, read as chunks, merged. One thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LtxBenchmark {
  private static final Path SCRATCH = Path.of(System.getProperty("java.io.tmpdir"));

  @Param({"512", "4096", "65536"})
  private int pageSize;

  private byte[] database = new byte[0];
  private byte[] file = new byte[0];

  @Setup
  public void setUp() throws IOException, SQLException {
    database = SamplePages.database(pageSize);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out);
    file = out.toByteArray();
  }

  @Benchmark
  public long write() throws IOException {
    return write(OutputStream.nullOutputStream());
  }

  @Benchmark
  public long read() throws IOException {
    try (LtxReader reader = reader()) {
      return reader.finish().pages();
    }
  }

  @Benchmark
  public long readChunks() throws IOException {
    LtxVerifier verifier =
        LtxIndex.open(
                (offset, length) -> new ByteArrayInputStream(file, (int) offset, (int) length),
                file.length,
                "bench")
            .chunks(1 << 20);
    ChunkDecoder decoder = verifier.decoder();
    for (LtxChunk chunk : verifier.chunks()) {
      verifier.add(decoder.decode(chunk, file, (int) chunk.offset(), (pgno, page, sum) -> {}));
    }
    return verifier.finish().pages();
  }

  @Benchmark
  public long merge() throws IOException {
    try (LtxReader reader = reader()) {
      return LtxMerge.merge(List.of(reader), OutputStream.nullOutputStream(), SCRATCH)
          .rollingChecksum();
    }
  }

  private LtxReader reader() throws IOException {
    return new LtxReader(new ByteArrayInputStream(file), "bench");
  }

  private long write(OutputStream out) throws IOException {
    long pages = database.length / pageSize;
    LtxHeader header =
        LtxHeader.of(pageSize, pages, Txid.FIRST, new Txid(9), 1, LtxHeader.WalSpan.NONE);
    try (LtxWriter writer = new LtxWriter(out, header, SCRATCH)) {
      for (int i = 0; i < pages; i++) {
        writer.page(i + 1, database, i * pageSize);
      }
      return writer.finish().sizeBytes();
    }
  }
}
