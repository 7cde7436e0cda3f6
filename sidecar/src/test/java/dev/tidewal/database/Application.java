package dev.tidewal.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The application beside which we follow a database: another process, as POSIX locks are a
 * process's own.
 */
final class Application implements AutoCloseable {
  private static final Queue<Application> IDLE = new ConcurrentLinkedQueue<>();

  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private Application(Process process) {
    this.process = process;
    this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** A process for this database; one that served another test before, if there is one. */
  static Application start(Path database) throws IOException {
    Application idle = IDLE.poll();
    Application application = idle == null ? launch() : idle;
    application.ask("use " + database);
    return application;
  }

  private static Application launch() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ApplicationProcess.class.getName())
            .redirectError(Redirect.INHERIT)
            .start();
    Application application = new Application(process);
    application.answers.readLine();
    return application;
  }

  /** A database in WAL mode with a table {@code t(id, x)}, opened as connection {@code main}. */
  static Application withTable(Path database) throws IOException {
    Application application = start(database);
    application.open("main", 5000);
    application.sql("pragma journal_mode=wal");
    application.sql("create table t(id integer primary key, x)");
    return application;
  }

  void open(String name, int timeoutMillis) throws IOException {
    ask("open " + name + " " + timeoutMillis);
  }

  void closeConnection(String name) throws IOException {
    ask("close " + name);
  }

  /** Runs a statement on the connection {@code main}; the first row, columns joined by bars. */
  String sql(String text) throws IOException {
    return sql("main", text);
  }

  String sql(String name, String text) throws IOException {
    return ask("sql " + name + " " + text);
  }

  /** Inserts {@code rows} rows in one transaction. */
  void insert(int rows, int bytes) throws IOException {
    sql(
        "insert into t(x) with recursive n(i) as (select 1 union all select i+1 from n where i<"
            + rows
            + ") select randomblob("
            + bytes
            + ") from n");
  }

  /** Opens a query and leaves it open. */
  void hold(String name, String query) throws IOException {
    ask("hold " + name + " " + query);
  }

  void release(String name) throws IOException {
    ask("release " + name);
  }

  /** Runs a statement again and again: runs, failures, longest microseconds, joined by bars. */
  CompletableFuture<String> until(String name, long millis, String text) {
    return later("until " + name + " " + millis + " " + text);
  }

  /** Runs a statement while this thread goes on; one at a time. */
  CompletableFuture<String> sqlLater(String name, String text) {
    return later("sql " + name + " " + text);
  }

  /** Ends the process in the middle of what it does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private CompletableFuture<String> later(String command) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return ask(command);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private synchronized String ask(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    String answer = answers.readLine();
    if (answer == null || !answer.startsWith("ok ")) {
      throw new IOException(command + ": " + answer);
    }
    return answer.substring(3);
  }

  /** Closes all connections of the application; the process waits for the next test. */
  @Override
  public void close() throws IOException {
    if (process.isAlive()) {
      ask("use nothing");
      IDLE.add(this);
    }
  }
}
