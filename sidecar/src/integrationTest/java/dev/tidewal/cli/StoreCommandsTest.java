package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewal.testing.Peers;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
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

  @Test
  void wrongCredentialsAreSevenAndAMissingBucketIsSix() throws Exception {
    try (StoreServer server = Peers.startS3(directory)) {
      String url = bucket(server);
      String missing = url.replace("s3://bucket/", "s3://no-such-bucket/");
      Path output = directory.resolve("restored.db");
      String[][] commands = {
        {"restore", "-o", output.toString()}, {"verify"}, {"ltx"}, {"probe"}, {"generations"}
      };
      for (String[] each : commands) {
        credentials();
        assertThat(run(each, missing)).as(command.err()).isEqualTo(6);
        assertThat(command.err()).hasLineCount(1).contains("no-such-bucket", "create the bucket");

        command.with("LITESTREAM_SECRET_ACCESS_KEY", "wrong");
        assertThat(run(each, url)).as(command.err()).isEqualTo(7);
        assertThat(command.err()).hasLineCount(1).contains("check access key and secret");
        assertThat(output).doesNotExist();
      }
    }
  }

  @Test
  void replicateOnceSaysAtOnceThatCredentialsAreWrong() throws Exception {
    try (StoreServer server = Peers.startS3(directory)) {
      String url = bucket(server);
      Path database = directory.resolve("app.db");
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t (x)");
      }
      credentials().with("LITESTREAM_SECRET_ACCESS_KEY", "wrong");

      assertThat(command.run("replicate", "-once", database.toString(), url)).isEqualTo(7);
      assertThat(command.err()).hasLineCount(1).contains("check access key and secret");
      assertThat(stored()).isEmpty();
    }
  }

  private int run(String[] words, String url) {
    return command.run(Stream.concat(Stream.of(words), Stream.of(url)).toArray(String[]::new));
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
