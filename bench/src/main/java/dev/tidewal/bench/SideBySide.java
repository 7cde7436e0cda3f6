package dev.tidewal.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs Tidewal and Litestream on the same load and prints one table, also kept in {@code
 * bench/results/}. {@code --rows} selects, {@code --quick} shortens.
 *
 * <p>{@code LITESTREAM_BIN} and {@code BENCH_S3_BIN} (versitygw) name the peers; what is missing is
 * said and left out.
 */
public final class SideBySide {
  private static final Map<String, Row> ROWS = rows();

  private SideBySide() {}

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    rows.put("latency", new LatencyRow());
    rows.put("tuned", new TunedRow());
    rows.put("commit", new CommitRow());
    rows.put("stall", new StallRow());
    rows.put("reader", new ReaderRow());
    rows.put("size", new SizeRow());
    rows.put("idle", new IdleRow());
    rows.put("many", new ManyRow());
    rows.put("resync", new ResyncRow());
    return rows;
  }

  public static void main(String[] arguments)
      throws IOException, SQLException, InterruptedException {
    Options options;
    try {
      options = Options.parse(arguments, ROWS.keySet());
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(2);
      return;
    }
    Path work = Files.createTempDirectory("tidewal-bench");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteQuietly(work)));
    run(options, work);
  }

  /** Also after Ctrl-C, when the processes of the run are ending beside it. */
  private static void deleteQuietly(Path work) {
    for (int attempt = 0; attempt < 20 && Files.exists(work); attempt++) {
      try {
        Bench.delete(work);
      } catch (IOException | UncheckedIOException e) {
        LockSupport.parkNanos(50_000_000); // something was written meanwhile
      }
    }
  }

  private static void run(Options options, Path work)
      throws IOException, SQLException, InterruptedException {
    List<String> notes = new ArrayList<>();
    notes.add(MachineFacts.read().markdown());
    List<Contender> contenders = contenders(notes);
    List<Store> stores = new ArrayList<>();
    stores.add(new Store.FileStore(Files.createDirectories(work.resolve("file-store"))));
    s3(work, notes).ifPresent(stores::add);
    if (options.quick()) {
      notes.add("**Shortened run (`--quick`): these figures only show that the rows work.**");
    }
    notes.forEach(System.err::println);
    Table table = new Table();
    Bench bench = new Bench(work, options.quick(), contenders, stores, table);
    try {
      for (String row : options.rows()) {
        System.err.println(row + " (load average " + MachineFacts.currentLoad() + ")");
        Objects.requireNonNull(ROWS.get(row)).measure(bench);
      }
    } finally {
      stores.forEach(Store::close);
      publish(notes, table);
    }
  }

  private static List<Contender> contenders(List<String> notes) throws InterruptedException {
    List<Contender> result = new ArrayList<>();
    for (Contender contender : Contender.values()) {
      Optional<String> version = contender.version();
      if (version.isPresent()) {
        result.add(contender);
        notes.add(contender + " " + version.get());
      } else {
        notes.add(contender + " can't be run, so its column is empty (" + contender.cure() + ")");
      }
    }
    return result;
  }

  private static Optional<Store> s3(Path work, List<String> notes)
      throws IOException, InterruptedException {
    String binary = System.getenv("BENCH_S3_BIN");
    if (binary == null || binary.isEmpty()) {
      notes.add("The S3 rows are skipped: BENCH_S3_BIN names no versitygw");
      return Optional.empty();
    }
    notes.add("S3 is versitygw on loopback");
    return Optional.of(Store.S3Store.start(work.resolve("s3"), binary, IdleRow.freePort()));
  }

  private static void publish(List<String> notes, Table table) throws IOException {
    String time =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HHmmss'Z'")
            .withZone(ZoneOffset.UTC)
            .format(Instant.now());
    String text =
        "# Side by side, "
            + time
            + "\n\n- "
            + String.join("\n- ", notes)
            + "\n\n"
            + table.markdown()
            + "\n"
            + table.missed()
            + " missed.\n";
    Path file = Path.of("bench/results", time + ".md");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    System.out.println(text);
  }
}
