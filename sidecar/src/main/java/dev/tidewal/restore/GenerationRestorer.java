package dev.tidewal.restore;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.NothingToRestore;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.legacy.GenerationPlan;
import dev.tidewal.legacy.GenerationReader;
import dev.tidewal.legacy.GenerationStore;
import dev.tidewal.legacy.GenerationTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Restores a database from generations of Litestream 0.3, with the same care for the output as
 * {@link Restorer}. The format records no checksum of the database.
 */
public final class GenerationRestorer {
  private final GenerationStore store;
  private final RestoreOptions options;
  private final RestoreListener listener;

  /** What a restore did. */
  public record Report(
      GenerationPlan plan, long databaseBytes, Duration duration, IntegrityCheck integrityCheck) {}

  public GenerationRestorer(
      GenerationStore store, RestoreOptions options, RestoreListener listener) {
    this.store = store;
    this.options = options;
    this.listener = listener;
  }

  /**
   * What a restore would read.
   *
   * @throws NothingToRestore when there is no such generation, or nothing that old
   * @throws Refused when a WAL is missing
   */
  public GenerationPlan plan(GenerationTarget target) {
    return GenerationPlan.decide(store.url(), store.list(), target);
  }

  /**
   * Restores.
   *
   * @throws Corrupt when an object is damaged
   * @throws IOException when the output can't be written; nothing is left behind
   */
  public Report restore(GenerationTarget target, Path output) throws IOException {
    long start = System.nanoTime();
    try (RestoreOutput file = RestoreOutput.open(output, options.overwrite())) {
      GenerationPlan plan = plan(target);
      new GenerationReader(store, plan, file.directory(), listener::verified)
          .writeTo(file.channel());
      long bytes = file.channel().size();
      var _ = DatabaseHeader.read(file.channel()); // an empty file is no database
      if (options.integrityCheck() != IntegrityCheck.NONE) {
        listener.finishing("integrity check");
        SqliteCheck.run(options.integrityCheck(), file.temporary());
      }
      listener.finishing("sync");
      file.commit();
      return new Report(
          plan, bytes, Duration.ofNanos(System.nanoTime() - start), options.integrityCheck());
    } catch (IOException e) {
      throw RestoreOutput.explained(e, output);
    }
  }
}
