package dev.tidewal.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
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

/** A whole sample database, page by page, through the block codec: through JNI and in Java. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Lz4Benchmark {
  @Param({"512", "4096", "65536"})
  private int pageSize;

  @Param({"native", "java"})
  private String codec = "";

  private LZ4Compressor compressor = LZ4Factory.safeInstance().fastCompressor();
  private LZ4SafeDecompressor decompressor = LZ4Factory.safeInstance().safeDecompressor();
  private byte[] database = new byte[0];
  private byte[] out = new byte[0];
  private byte[][] blocks = new byte[0][];

  @Setup
  public void setUp() throws IOException, SQLException {
    LZ4Factory factory =
        codec.equals("native") ? LZ4Factory.nativeInstance() : LZ4Factory.safeInstance();
    compressor = factory.fastCompressor();
    decompressor = factory.safeDecompressor();
    database = SamplePages.database(pageSize);
    out = new byte[compressor.maxCompressedLength(pageSize)];
    blocks = new byte[database.length / pageSize][];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = Arrays.copyOf(out, compress(i));
    }
  }

  @Benchmark
  public long compress() {
    long size = 0;
    for (int i = 0; i < blocks.length; i++) {
      size += compress(i);
    }
    return size;
  }

  @Benchmark
  public long inflate() {
    long size = 0;
    for (byte[] block : blocks) {
      size += decompressor.decompress(block, 0, block.length, out, 0, pageSize);
    }
    return size;
  }

  private int compress(int page) {
    return compressor.compress(database, page * pageSize, pageSize, out, 0, out.length);
  }
}
