package dev.tidewal.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the native library can't be unpacked, LZ4 still works. */
class Lz4FallbackTest {
  @Test
  void withoutTheNativeLibraryTheJavaOneIsUsedAndSaysSo() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=/nonexistent",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RoundTrip.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("native LZ4 is not available").contains("all pages are the same");
    assertThat(output).doesNotContain("Unsafe");
  }

  /** Runs in the other process. */
  static final class RoundTrip {
    public static void main(String[] arguments) throws IOException {
      LtxHeader header = LtxFiles.header(4096, 9, 2, 2);
      byte[] page = LtxFiles.page(4096, 7);
      for (int i = 0; i < page.length; i += 3) {
        page[i] = (byte) (i * i);
      }
      byte[] file = LtxFiles.write(header, Map.of(5L, page), Path.of("/nonexistent"));
      if (Arrays.equals(LtxFiles.read(file).get(5L), page)) {
        System.out.println("all pages are the same");
      }
    }
  }
}
