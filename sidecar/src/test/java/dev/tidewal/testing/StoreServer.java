package dev.tidewal.testing;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** A store's server as a child process. */
public final class StoreServer implements AutoCloseable {
  public static final String ACCESS_KEY = "tidewal";
  public static final String SECRET_KEY = "tidewal-secret";
  public static final String REGION = "us-east-1";

  private final Process process;
  private final int port;
  private final Path directory;

  private StoreServer(Process process, int port, Path directory) {
    this.process = process;
    this.port = port;
    this.directory = directory;
  }

  static StoreServer start(
      Path directory,
      IntFunction<ProcessBuilder> command,
      String keyVariable,
      String secretVariable)
      throws IOException {
    for (int attempt = 0; attempt < 3; attempt++) {
      int port = freePort();
      ProcessBuilder builder = command.apply(port);
      builder.environment().put(keyVariable, ACCESS_KEY);
      builder.environment().put(secretVariable, SECRET_KEY);
      builder.environment().put("MINIO_BROWSER", "off");
      builder.environment().put("MINIO_UPDATE", "off");
      builder.environment().remove("AWS_CA_BUNDLE");
      builder.redirectErrorStream(true);
      builder.redirectOutput(
          ProcessBuilder.Redirect.appendTo(directory.resolve("server.log").toFile()));
      builder.redirectInput(new File("/dev/null"));
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      if (answers(process, port)) {
        return new StoreServer(process, port, directory);
      }
      process.destroyForcibly();
    }
    throw new IOException(
        "the server does not start: " + Files.readString(directory.resolve("server.log")));
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  /** Where the server keeps what it stores, below {@code data/}, and its logs. */
  public Path directory() {
    return directory;
  }

  /** Stops the server as a crash would. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean answers(Process process, int port) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (process.isAlive() && System.nanoTime() < deadline) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return true;
      } catch (IOException notYet) {
        pause();
      }
    }
    return false;
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
