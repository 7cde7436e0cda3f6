package dev.tidewal.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Real programs that tests run against, found through environment variables.
 *
 * <p>A test whose peer is missing is aborted with the variable's name; with {@code CI=true} it
 * fails. MinIO is a second opinion and never required.
 *
 * <p>Servers listen on loopback, keep their data below the directory they are given, and stop with
 * {@link StoreServer#close()}.
 */
public final class Peers {
  private Peers() {}

  /** Litestream 0.5.18, LTX with LZ4 blocks. */
  public static Path litestream() {
    return binary("LITESTREAM_BIN", "Litestream 0.5.18");
  }

  /** Litestream 0.5.8, LTX with LZ4 frames. */
  public static Path litestream058() {
    return binary("LITESTREAM_058_BIN", "Litestream 0.5.8");
  }

  /** Litestream 0.3.14, generations. */
  public static Path litestream03() {
    return binary("LITESTREAM_03_BIN", "Litestream 0.3.14");
  }

  /** The versitygw server, an S3 store with conditions. */
  public static Path s3() {
    return binary("TIDEWAL_TEST_S3_BIN", "the versitygw S3 server");
  }

  /** rclone, whose {@code serve s3} ignores conditions. */
  public static Path rclone() {
    return binary("RCLONE_BIN", "rclone 1.75 or newer");
  }

  public static Path toxiproxy() {
    return binary("TOXIPROXY_BIN", "toxiproxy-server");
  }

  /** MinIO, only where somebody asked for it. */
  public static Path minio() {
    return configured("TIDEWAL_TEST_MINIO_BIN")
        .orElseGet(() -> abort("set TIDEWAL_TEST_MINIO_BIN to a MinIO binary to run this test"));
  }

  /** A running S3 server with an empty store, listening on a free port. */
  public static StoreServer startS3(Path directory) throws IOException {
    Path binary = s3();
    Files.createDirectories(directory.resolve("data"));
    Files.createDirectories(directory.resolve("iam"));
    return StoreServer.start(
        directory,
        port ->
            new ProcessBuilder(
                binary.toString(),
                "--port",
                "127.0.0.1:" + port,
                "--region",
                StoreServer.REGION,
                "--quiet",
                "--keep-alive",
                "--iam-dir",
                directory.resolve("iam").toString(),
                "--access-log",
                directory.resolve("access.log").toString(),
                "posix",
                directory.resolve("data").toString()),
        "ROOT_ACCESS_KEY",
        "ROOT_SECRET_KEY");
  }

  /** A running {@code rclone serve s3}: a store that answers 200 to conditions that it ignores. */
  public static StoreServer startRclone(Path directory) throws IOException {
    Path binary = rclone();
    Files.createDirectories(directory.resolve("data"));
    return StoreServer.start(
        directory,
        port ->
            new ProcessBuilder(
                binary.toString(),
                "serve",
                "s3",
                "--addr",
                "127.0.0.1:" + port,
                "--auth-key",
                StoreServer.ACCESS_KEY + "," + StoreServer.SECRET_KEY,
                "--no-cleanup",
                "--vfs-cache-mode",
                "full",
                "--cache-dir",
                directory.resolve("cache").toString(),
                "--config",
                directory.resolve("rclone.conf").toString(),
                directory.resolve("data").toString()),
        "UNUSED_ACCESS_KEY",
        "UNUSED_SECRET_KEY");
  }

  /** A running MinIO. */
  public static StoreServer startMinio(Path directory) throws IOException {
    Path binary = minio();
    Files.createDirectories(directory.resolve("data"));
    return StoreServer.start(
        directory,
        port ->
            new ProcessBuilder(
                binary.toString(),
                "server",
                "--quiet",
                "--address",
                "127.0.0.1:" + port,
                directory.resolve("data").toString()),
        "MINIO_ROOT_USER",
        "MINIO_ROOT_PASSWORD");
  }

  private static Path binary(String variable, String what) {
    return configured(variable)
        .orElseGet(() -> {
          String message = "set " + variable + " to the binary of " + what + " to run this test";
          return Boolean.parseBoolean(System.getenv("CI")) ? fail(message) : abort(message);
        });
  }

  private static Optional<Path> configured(String variable) {
    return Optional.ofNullable(System.getenv(variable))
        .filter(text -> !text.isBlank())
        .map(text -> {
          Path path = Path.of(text);
          return Files.isExecutable(path)
              ? path
              : fail(variable + " names " + path + ", which is not an executable file");
        });
  }
}
