package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewal.testing.Peers;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against real S3 servers. */
@Tag("integration")
class StoreCommandsTest {
  @TempDir Path directory;
  private final Command command = new Command();

  @Test
  void aProbeFindsThatAServerKeepsConditions() throws Exception {
    try (StoreServer server = Peers.startS3(directory)) {
      String url = bucket(server);

      assertThat(credentials().run("probe", url)).as(command.err()).isZero();
      assertThat(command.out()).contains("create-race").contains(": a second writer is noticed");
      assertThat(stored()).as("what the probe wrote is gone").isEmpty();
    }
  }

  @Test
  void aProbeFindsOutAServerThatIgnoresConditions() throws Exception {
    try (StoreServer server = Peers.startRclone(directory)) {
      String url = bucket(server);

      assertThat(credentials().run("probe", url)).as(command.err()).isZero();
      assertThat(command.out())
          .containsPattern("create-race +NO ")
          .containsPattern("stale-create +NO .*ignored the condition")
          .contains("a second writer is NOT noticed");

      assertThat(command.run("probe", "-json", url)).isZero();
      JsonNode json = new ObjectMapper().readTree(command.out());
      assertThat(json.path("conditionalCreate").asBoolean(true)).isFalse();
    }
  }

  private Command credentials() {
    return command
        .with("LITESTREAM_ACCESS_KEY_ID", StoreServer.ACCESS_KEY)
        .with("LITESTREAM_SECRET_ACCESS_KEY", StoreServer.SECRET_KEY);
  }

  /** A bucket, and a URL in it. A bucket of both servers is a directory. */
  private String bucket(StoreServer server) throws IOException {
    Files.createDirectories(directory.resolve("data/bucket"));
    return "s3://bucket/app?endpoint=" + server.endpoint() + "&region=" + StoreServer.REGION;
  }

  private List<Path> stored() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("data/bucket"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
