package dev.tidewal.replica;

import dev.tidewal.testing.S3ProxyServer;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on S3Proxy, in this process. */
final class S3ReplicaClientTest extends S3Contract {
  @TempDir static Path directory;
  private static S3ProxyServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3ProxyServer.start(directory);
    createBucket(server.endpoint());
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Override
  URI endpoint() {
    return server.endpoint();
  }
}
