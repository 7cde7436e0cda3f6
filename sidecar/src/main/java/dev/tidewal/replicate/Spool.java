package dev.tidewal.replicate;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxMerge;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.wal.WalPoint;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The captures of one database that wait on local disk, oldest first.
 *
 * <p>It does not outlive the process: what an earlier one left is deleted at the start, where a
 * resync by difference finds the same pages in the database. So nothing here needs to be synced.
 * Not thread-safe.
 */
final class Spool {
  /** Provisional TXIDs begin here: TXID 1 would make a file a snapshot. */
  private static final long OLDEST_NUMBER = 2;

  private static final long FIRST_NUMBER = OLDEST_NUMBER + 1;

  private final Path directory;
  private final Path scratch;
  private final SpoolBudget budget;
  private final List<SpoolFile> files = new ArrayList<>();
  private long nextNumber = FIRST_NUMBER;

  private Spool(Path directory, Path scratch, SpoolBudget budget) {
    this.directory = directory;
    this.scratch = scratch;
    this.budget = budget;
  }

  /**
   * Opens an empty spool; deletes what an earlier process left.
   *
   * @param budget that it shares with other databases
   */
  static Spool open(Path directory, Path scratch, SpoolBudget budget) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> old = Files.list(directory)) {
      for (Path path : old.toList()) {
        Files.deleteIfExists(path);
      }
    }
    budget.holds(directory, 0);
    return new Spool(directory, scratch, budget);
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  List<SpoolFile> files() {
    return List.copyOf(files);
  }

  long sizeBytes() {
    return files.stream().mapToLong(SpoolFile::sizeBytes).sum();
  }

  Optional<SpoolFile> oldest() {
    return files.stream().findFirst();
  }

  /** What all files may be in all, given what other databases have on disk. */
  long limitBytes() {
    return budget.limitBytes(directory);
  }

  /** The files beside what waits in the WAL, and the room on their disk. */
  Backlog backlog(long unsettledWalBytes) throws IOException {
    FileStore disk = Files.getFileStore(directory);
    return new Backlog(
        unsettledWalBytes, sizeBytes(), files.size(), disk.getUsableSpace(), disk.getTotalSpace());
  }

  /** Writes pages to a new file; leaves nothing behind when it fails. */
  void add(PageSource source, WalPoint end, Instant oldestCommit) throws IOException {
    write(files.size(), nextNumber, source, end, oldestCommit);
    nextNumber++;
  }

  /** The same for what is older than all files; at most once. */
  void addOldest(PageSource source, WalPoint end, Instant oldestCommit) throws IOException {
    write(0, OLDEST_NUMBER, source, end, oldestCommit);
  }

  private void write(int place, long number, PageSource source, WalPoint end, Instant oldestCommit)
      throws IOException {
    budget.reserve(directory, sizeBytes() + source.pageCount() * source.pageSize());
    try {
      files.add(place, write(number, number, source, end, oldestCommit));
    } finally {
      budget.holds(directory, sizeBytes());
    }
  }

  /** Replaces all files by one in which later pages have replaced earlier ones. */
  void merge() throws IOException {
    if (files.size() < 2) {
      return;
    }
    SpoolFile oldest = files.getFirst();
    SpoolFile newest = files.getLast();
    Path path = path(oldest.first(), newest.number());
    LtxSummary summary = write(path, this::merged);
    List<SpoolFile> merged = List.copyOf(files);
    files.clear();
    files.add(
        new SpoolFile(
            path,
            oldest.first(),
            newest.number(),
            summary.sizeBytes(),
            newest.pageSize(),
            newest.commit(),
            summary.pages(),
            newest.end(),
            oldest.oldestCommit()));
    budget.holds(directory, sizeBytes());
    for (SpoolFile file : merged) {
      Files.deleteIfExists(file.path());
    }
  }

  private LtxSummary merged(OutputStream out) throws IOException {
    List<LtxReader> readers = new ArrayList<>();
    try {
      for (SpoolFile file : files) {
        readers.add(file.open());
      }
      return LtxMerge.merge(readers, out, scratch).summary();
    } finally {
      for (LtxReader reader : readers) {
        reader.close();
      }
    }
  }

  /** The file was acknowledged. */
  void remove(SpoolFile file) throws IOException {
    files.remove(file);
    Files.deleteIfExists(file.path());
    budget.holds(directory, sizeBytes());
  }

  /** Gives everything up; the caller recorded the gap before. */
  void drop() throws IOException {
    for (SpoolFile file : files()) {
      remove(file);
    }
  }

  /**
   * Moves everything to a directory where a person finds it: the unsent tail of a fenced writer.
   */
  void keepIn(Path branch) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    Files.createDirectories(branch);
    for (SpoolFile file : files()) {
      Files.move(file.path(), branch.resolve(file.path().getFileName()));
      files.remove(file);
    }
    budget.holds(directory, sizeBytes());
  }

  private SpoolFile write(
      long first, long number, PageSource source, WalPoint end, Instant oldestCommit)
      throws IOException {
    Path path = path(first, number);
    LtxHeader header =
        LtxHeader.of(
            source.pageSize(),
            source.commit(),
            new Txid(first),
            new Txid(number),
            oldestCommit.toEpochMilli(),
            WalSpan.NONE);
    LtxSummary summary =
        write(
            path,
            out -> {
              try (LtxWriter writer = new LtxWriter(out, header, scratch)) {
                source.pages(writer::page);
                return writer.finish();
              }
            });
    return new SpoolFile(
        path,
        first,
        number,
        summary.sizeBytes(),
        source.pageSize(),
        source.commit(),
        summary.pages(),
        end,
        oldestCommit);
  }

  private LtxSummary write(Path path, Output output) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16)) {
      return output.writeTo(out);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  private Path path(long first, long number) {
    return directory.resolve(new Txid(first) + "-" + new Txid(number) + ".ltx");
  }

  private interface Output {
    LtxSummary writeTo(OutputStream out) throws IOException;
  }
}
