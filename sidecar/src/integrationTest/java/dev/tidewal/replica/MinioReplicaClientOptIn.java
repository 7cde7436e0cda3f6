package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.testing.Peers;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract on MinIO. Its name keeps it out of the usual run: {@code TIDEWAL_TEST_MINIO_BIN=...
 * mvn -pl sidecar -am test -Dtest=MinioReplicaClientOptIn}.
 */
@Tag("integration")
final class MinioReplicaClientOptIn extends S3Contract {
  @TempDir static Path directory;
  private static StoreServer server;

  @BeforeAll
  static void startServer() throws IOException {
    server = Peers.startMinio(directory);
    createBucket(server.endpoint());
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  URI endpoint() {
    return server.endpoint();
  }

  @Test
  void itKeepsConditions() {
    assertThat(StoreProbe.run(settings(), clients).conditionalCreate()).isTrue();
  }
}
