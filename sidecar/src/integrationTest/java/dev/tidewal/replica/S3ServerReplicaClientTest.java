package dev.tidewal.replica;

import dev.tidewal.testing.Peers;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real S3 server (versitygw). */
@Tag("integration")
final class S3ServerReplicaClientTest extends S3Contract {
  @TempDir static Path directory;
  private static StoreServer server;

  @BeforeAll
  static void startServer() throws IOException {
    server = Peers.startS3(directory);
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
}
