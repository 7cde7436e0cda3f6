import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * The training run behind the AOT cache of the distribution: a sidecar that restores one database,
 * replicates to a file and to S3, is asked for everything over HTTP, and ends. The JVM remembers
 * which classes and methods that took.
 *
 * <p>{@code java AotTraining.java CACHE -- java ... -jar tidewal.jar}; the command gets its arguments
 * appended. S3 is a few maps behind the JDK's HTTP server: enough for our client, no more.
 */
final class AotTraining {
  public static void main(String[] args) throws Exception {
    List<String> command = List.of(args).subList(2, args.length);
    Path directory = Files.createTempDirectory("tidewal-aot");
    try (Bucket bucket = new Bucket()) {
      Path config = directory.resolve("tidewal.yml");
      int port = freePort();
      Files.writeString(
          config,
          """
          addr: 127.0.0.1:%d
          databases:
            - path: %s/a.db
              restore-if-missing: true
              destinations:
                - s3://bucket/a?endpoint=http://127.0.0.1:%d&region=us-east-1&force-path-style=true
            - path: %s/b.db
              destinations:
                - %s/replica
          """
              .formatted(port, directory, bucket.port(), directory, directory));
      write(directory.resolve("a.db"), 50);
      write(directory.resolve("b.db"), 50);
      run(command, List.of(), "replicate", "--once", "--config", config.toString());
      try (var files = Files.list(directory)) {
        for (Path file : files.filter(each -> each.getFileName().toString().startsWith("a.db")).toList()) {
          Files.delete(file);
        }
      }
      Process sidecar =
          start(
              command,
              List.of("-XX:AOTCacheOutput=" + args[0]),
              "replicate",
              "--config",
              config.toString());
      try (HttpClient http = HttpClient.newHttpClient()) {
        URI base = URI.create("http://127.0.0.1:" + port);
        awaitReady(http, base, sidecar);
        for (int i = 0; i < 20; i++) {
          write(directory.resolve("a.db"), 1);
          write(directory.resolve("b.db"), 1);
          Thread.sleep(30);
        }
        for (String page : List.of("/metrics", "/status", "/healthz", "/readyz", "/nothing")) {
          get(http, base.resolve(page));
        }
        http.send(
            HttpRequest.newBuilder(base.resolve("/v1/sync"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.discarding());
        // Long enough for a seal, and for connections to be put to rest.
        Thread.sleep(2_000);
      }
      sidecar.destroy();
      if (!sidecar.waitFor(120, TimeUnit.SECONDS) || sidecar.exitValue() != 0) {
        sidecar.destroyForcibly();
        throw new IOException("the training run ended with " + sidecar.exitValue());
      }
    } finally {
      try (var files = Files.walk(directory)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void run(List<String> command, List<String> options, String... arguments)
      throws Exception {
    Process process = start(command, options, arguments);
    if (process.waitFor() != 0) {
      throw new IOException(List.of(arguments) + " ended with " + process.exitValue());
    }
  }

  /** The command, with JVM options after the name of the JVM. */
  private static Process start(List<String> command, List<String> options, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(command);
    all.addAll(1, options);
    all.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.environment().put("AWS_ACCESS_KEY_ID", "training");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "training");
    return builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void write(Path database, int rows) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE IF NOT EXISTS t (x)");
      for (int i = 0; i < rows; i++) {
        statement.execute("INSERT INTO t VALUES (randomblob(2000))");
      }
    }
  }

  private static void awaitReady(HttpClient http, URI base, Process sidecar) throws Exception {
    for (int i = 0; i < 600 && sidecar.isAlive(); i++) {
      try {
        if (get(http, base.resolve("/readyz")) == 200) {
          return;
        }
      } catch (IOException notYet) {
        // Not listening yet.
      }
      Thread.sleep(100);
    }
    sidecar.destroyForcibly();
    throw new IOException("the sidecar did not become ready");
  }

  private static int get(HttpClient http, URI uri) throws Exception {
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
  }

  private static int freePort() throws IOException {
    try (var socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** One bucket in memory, with the requests that our client makes. */
  private static final class Bucket implements AutoCloseable {
    private record Stored(byte[] bytes, Map<String, String> metadata, Instant modified) {
      String etag() {
        try {
          byte[] hash = MessageDigest.getInstance("MD5").digest(bytes);
          return '"' + HexFormat.of().formatHex(hash) + '"';
        } catch (java.security.NoSuchAlgorithmException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    private record Upload(String key, Map<String, String> metadata, NavigableMap<Integer, byte[]> parts) {}

    private final NavigableMap<String, Stored> objects = new TreeMap<>();
    private final Map<String, Upload> uploads = new HashMap<>();
    private final HttpServer server;
    private int uploadCount;

    Bucket() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newFixedThreadPool(4));
      server.createContext("/", this::handle);
      server.start();
    }

    int port() {
      return server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
      ((java.util.concurrent.ExecutorService) server.getExecutor()).shutdownNow();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
      try (exchange) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        String key = path.replaceFirst("^/bucket/?", "");
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        switch (exchange.getRequestMethod()) {
          case "GET" -> {
            if (key.isEmpty()) {
              xml(exchange, 200, list(query));
            } else {
              get(exchange, key, true);
            }
          }
          case "HEAD" -> get(exchange, key, false);
          case "PUT" -> put(exchange, key, query, body);
          case "POST" -> post(exchange, key, query, body);
          case "DELETE" -> {
            objects.remove(key);
            uploads.remove(query.getOrDefault("uploadId", ""));
            exchange.sendResponseHeaders(204, -1);
          }
          default -> exchange.sendResponseHeaders(405, -1);
        }
      } catch (Exception e) {
        throw new IOException(e);
      }
    }

    private void get(HttpExchange exchange, String key, boolean withBody) throws IOException {
      Stored stored = objects.get(key);
      if (stored == null) {
        error(exchange, 404, "NoSuchKey");
        return;
      }
      int from = 0;
      int to = stored.bytes.length - 1;
      String range = exchange.getRequestHeaders().getFirst("Range");
      if (range != null) {
        String[] bounds = range.substring("bytes=".length()).split("-", -1);
        from = Integer.parseInt(bounds[0]);
        to = bounds[1].isEmpty() ? to : Math.min(to, Integer.parseInt(bounds[1]));
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + stored.bytes.length);
      }
      stored.metadata.forEach(exchange.getResponseHeaders()::set);
      exchange.getResponseHeaders().set("ETag", stored.etag());
      exchange.getResponseHeaders()
          .set("Last-Modified", DateTimeFormatter.RFC_1123_DATE_TIME.format(stored.modified.atOffset(ZoneOffset.UTC)));
      int length = to - from + 1;
      if (!withBody) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(length));
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      exchange.sendResponseHeaders(range == null ? 200 : 206, length == 0 ? -1 : length);
      exchange.getResponseBody().write(stored.bytes, from, length);
    }

    private void put(HttpExchange exchange, String key, Map<String, String> query, byte[] body)
        throws IOException {
      if (query.containsKey("uploadId")) {
        uploads.get(query.get("uploadId")).parts.put(Integer.valueOf(query.get("partNumber")), body);
        exchange.getResponseHeaders().set("ETag", "\"part\"");
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      String source = exchange.getRequestHeaders().getFirst("x-amz-copy-source");
      if (source != null) {
        Stored from = objects.get(URLDecoder.decode(source, StandardCharsets.UTF_8).replaceFirst("^/?bucket/", ""));
        objects.put(key, new Stored(from.bytes, from.metadata, Instant.now()));
        xml(exchange, 200, "<CopyObjectResult><ETag>" + from.etag() + "</ETag><LastModified>" + Instant.now() + "</LastModified></CopyObjectResult>");
        return;
      }
      store(exchange, key, body, metadata(exchange), "");
    }

    private void post(HttpExchange exchange, String key, Map<String, String> query, byte[] body)
        throws Exception {
      if (query.containsKey("uploads")) {
        String id = "upload-" + ++uploadCount;
        uploads.put(id, new Upload(key, metadata(exchange), new TreeMap<>()));
        xml(exchange, 200, "<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
      } else if (query.containsKey("uploadId")) {
        Upload upload = uploads.get(query.get("uploadId"));
        java.io.ByteArrayOutputStream whole = new java.io.ByteArrayOutputStream();
        upload.parts.values().forEach(whole::writeBytes);
        store(exchange, key, whole.toByteArray(), upload.metadata,
            "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>");
      } else {
        NodeList keys =
            DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(new String(body, StandardCharsets.UTF_8))))
                .getElementsByTagName("Key");
        for (int i = 0; i < keys.getLength(); i++) {
          objects.remove(keys.item(i).getTextContent());
        }
        xml(exchange, 200, "<DeleteResult></DeleteResult>");
      }
    }

    private void store(HttpExchange exchange, String key, byte[] body, Map<String, String> metadata, String answer)
        throws IOException {
      if (exchange.getRequestHeaders().containsKey("If-None-Match") && objects.containsKey(key)) {
        error(exchange, 412, "PreconditionFailed");
        return;
      }
      Stored stored = new Stored(body, metadata, Instant.now());
      objects.put(key, stored);
      exchange.getResponseHeaders().set("ETag", stored.etag());
      if (answer.isEmpty()) {
        exchange.sendResponseHeaders(200, -1);
      } else {
        xml(exchange, 200, answer);
      }
    }

    private String list(Map<String, String> query) {
      String prefix = query.getOrDefault("prefix", "");
      StringBuilder found = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
      objects.tailMap(query.getOrDefault("start-after", ""), false).forEach((key, stored) -> {
        if (key.startsWith(prefix)) {
          found.append("<Contents><Key>").append(key).append("</Key><Size>").append(stored.bytes.length)
              .append("</Size><ETag>").append(stored.etag()).append("</ETag><LastModified>")
              .append(stored.modified).append("</LastModified></Contents>");
        }
      });
      return found.append("</ListBucketResult>").toString();
    }

    private static Map<String, String> metadata(HttpExchange exchange) {
      Map<String, String> metadata = new HashMap<>();
      exchange.getRequestHeaders().forEach((name, values) -> {
        if (name.toLowerCase(java.util.Locale.ROOT).startsWith("x-amz-meta-")) {
          metadata.put(name, values.getFirst());
        }
      });
      return metadata;
    }

    private static Map<String, String> query(String raw) {
      Map<String, String> query = new HashMap<>();
      for (String pair : raw == null ? new String[0] : raw.split("&")) {
        String[] parts = pair.split("=", 2);
        query.put(parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
      return query;
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(status, -1);
      } else {
        xml(exchange, status, "<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>");
      }
    }

    private static void xml(HttpExchange exchange, int status, String text) throws IOException {
      byte[] bytes = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/xml");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
