package dev.tidewal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid documents with random damage: read, or refused with file and line. Replay by the seed. */
class DamagedConfigurationTest {
  private static final int ROUNDS = Integer.getInteger("damage.rounds", 500);
  private static final List<String> PIECES =
      List.of(
          "\n",
          "  ",
          "\t",
          ": ",
          "- ",
          "{",
          "}",
          "[",
          "]",
          "\"",
          "'",
          "&a ",
          "*a",
          "<<: *a",
          "!!x ",
          "~",
          "0",
          "-1",
          "99999999999999999999",
          "1e9",
          "..",
          "\u0000",
          "\u2028",
          "é",
          "#",
          "|\n",
          "? ",
          "%",
          "@",
          "$",
          "${",
          "\\",
          ",",
          "null",
          "true",
          "../",
          "://");

  @ParameterizedTest
  @ValueSource(strings = {"tidewal.yml", "litestream-0.3.yml", "litestream-0.5.yml"})
  void isReadOrRefusedWithFileAndLine(String resource) throws IOException {
    long seed = Long.getLong("damage.seed", new Random().nextLong());
    Random random = new Random(seed);
    String document = text(resource);
    ConfigurationReader reader =
        new ConfigurationReader(Map.of("LITESTREAM_SECRET", "verysecret"), true);
    for (int round = 0; round < ROUNDS; round++) {
      String damaged = damage(document, random);
      try {
        reader.parse(damaged, "f.yml");
      } catch (TidewalException.Usage refused) {
        assertThat(refused.getMessage())
            .as("-Ddamage.seed=%d, round %d:%n%s", seed, round, damaged)
            .matches("f\\.yml:[1-9][0-9]*: .+")
            .hasSizeLessThan(1_000)
            .doesNotMatch(".*not valid YAML.*verysecret.*");
      } catch (RuntimeException | StackOverflowError other) {
        fail("-Ddamage.seed=%d, round %d:%n%s".formatted(seed, round, damaged), other);
      }
    }
  }

  private static String damage(String document, Random random) {
    StringBuilder damaged = new StringBuilder(document);
    for (int hits = random.nextInt(3); hits >= 0; hits--) {
      int from = random.nextInt(damaged.length());
      int to = Math.min(damaged.length(), from + random.nextInt(30));
      switch (random.nextInt(5)) {
        case 0 -> damaged.delete(from, to);
        case 1 -> damaged.insert(from, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> damaged.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
        case 3 -> damaged.insert(random.nextInt(damaged.length()), damaged.substring(from, to));
        default -> damaged.setCharAt(from, (char) (0x20 + random.nextInt(0x5f)));
      }
    }
    return damaged.toString();
  }

  private static String text(String resource) throws IOException {
    try (var in = DamagedConfigurationTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
