package dev.tidewal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a contender keeps its replica, and how to watch it from outside. */
sealed interface Store extends AutoCloseable {
  String title();

  /** The replica's part of a litestream.yml, indented by six. */
  String yaml(String replica);

  /** Everything of one replica. */
  Path directory(String replica);

  /** The directory in which the replica's files of one level appear. */
  Path level(String replica, int level);

  /** Whether {@link #requests} knows anything. */
  boolean countsRequests();

  /** Requests so far by operation; empty where nobody counts them. */
  Map<String, Integer> requests() throws IOException;

  @Override
  void close();

  /** A directory. */
  record FileStore(Path root) implements Store {
    @Override
    public String title() {
      return "file";
    }

    @Override
    public String yaml(String replica) {
      return "      type: file\n      path: " + root.resolve(replica) + "\n";
    }

    @Override
    public Path directory(String replica) {
      return root.resolve(replica);
    }

    @Override
    public Path level(String replica, int level) {
      return directory(replica).resolve("ltx").resolve(Integer.toString(level));
    }

    @Override
    public boolean countsRequests() {
      return false;
    }

    @Override
    public Map<String, Integer> requests() {
      return new TreeMap<>();
    }

    @Override
    public void close() {}
  }

  /**
   * A versitygw server on loopback ({@code BENCH_S3_BIN}): an object is a file, each request a line
   * of its access log.
   */
  record S3Store(RunningProcess server, Path root, String endpoint) implements Store {
    private static final String BUCKET = "bench";
    private static final Pattern ACTION = Pattern.compile(" s3_([A-Za-z0-9]+) ");

    static S3Store start(Path root, String binary, int port)
        throws IOException, InterruptedException {
      Files.createDirectories(root.resolve("data").resolve(BUCKET));
      Files.createDirectories(root.resolve("iam"));
      ProcessBuilder builder =
          new ProcessBuilder(
              binary,
              "--port",
              "127.0.0.1:" + port,
              "--region",
              "us-east-1",
              "--quiet",
              "--keep-alive",
              "--iam-dir",
              root.resolve("iam").toString(),
              "--access-log",
              root.resolve("access.log").toString(),
              "posix",
              root.resolve("data").toString());
      builder.environment().put("ROOT_ACCESS_KEY", "tidewal");
      builder.environment().put("ROOT_SECRET_KEY", "tidewal-secret");
      builder.redirectErrorStream(true).redirectOutput(root.resolve("server.log").toFile());
      RunningProcess server = new RunningProcess(builder.start());
      Thread.sleep(1000);
      if (!server.isAlive()) {
        throw new IOException(
            "the S3 server ended: " + Files.readString(root.resolve("server.log")));
      }
      return new S3Store(server, root, "http://127.0.0.1:" + port);
    }

    @Override
    public String title() {
      return "S3";
    }

    @Override
    public String yaml(String replica) {
      return String.join(
          "\n",
          "      type: s3",
          "      bucket: " + BUCKET,
          "      path: " + replica,
          "      endpoint: " + endpoint,
          "      region: us-east-1",
          "      force-path-style: true",
          "      access-key-id: tidewal",
          "      secret-access-key: tidewal-secret",
          "");
    }

    @Override
    public Path directory(String replica) {
      return root.resolve("data").resolve(BUCKET).resolve(replica);
    }

    @Override
    public Path level(String replica, int level) {
      return directory(replica).resolve(String.format(Locale.ROOT, "%04x", level));
    }

    @Override
    public boolean countsRequests() {
      return true;
    }

    @Override
    public Map<String, Integer> requests() throws IOException {
      TreeMap<String, Integer> counts = new TreeMap<>();
      Path log = root.resolve("access.log");
      if (Files.exists(log)) {
        for (String line : Files.readAllLines(log)) {
          counts.merge(operation(line), 1, Integer::sum);
        }
      }
      return counts;
    }

    /** Its field is {@code s3_} and the API's name; what is billed as a PUT is counted as one. */
    private static String operation(String line) {
      Matcher matcher = ACTION.matcher(line);
      if (!matcher.find()) {
        return "other";
      }
      return switch (matcher.group(1)) {
        case "PutObject",
            "CopyObject",
            "CreateMultipartUpload",
            "UploadPart",
            "UploadPartCopy",
            "CompleteMultipartUpload" ->
            "PUT";
        case "GetObject" -> "GET";
        case "HeadObject", "HeadBucket" -> "HEAD";
        case "ListObjects", "ListObjectsV2" -> "LIST";
        case "DeleteObject", "DeleteObjects", "AbortMultipartUpload" -> "DELETE";
        default -> matcher.group(1);
      };
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
