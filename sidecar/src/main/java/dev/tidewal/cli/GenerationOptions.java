package dev.tidewal.cli;

import dev.tidewal.core.TidewalException;
import dev.tidewal.legacy.GenerationTarget;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.restore.FormatChoice;
import dev.tidewal.restore.RestoreTarget;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which state of Litestream 0.3 a restore is asked for. */
final class GenerationOptions {
  @Option(
      names = "--generation",
      paramLabel = "ID",
      description = "The newest state of this generation of Litestream 0.3.")
  private Optional<String> generation = Optional.empty();

  @Option(
      names = "--index",
      paramLabel = "INDEX",
      description = "Its state after this WAL: 8 hex digits, as `tidewal generations` shows them.")
  private Optional<String> index = Optional.empty();

  /**
   * The state in the old format, where that was asked for or is the newer one.
   *
   * @param state what was asked for otherwise
   * @throws TidewalException.Usage when options don't go together
   */
  Optional<GenerationTarget> target(ReplicaClient client, RestoreTarget state) {
    Optional<GenerationTarget> named = named(state);
    if (named.isPresent()) {
      return named;
    }
    return switch (FormatChoice.of(client, state)) {
      case LTX -> Optional.empty();
      case GENERATIONS -> Optional.of(same(state));
    };
  }

  /** What the options name, without asking a store. */
  Optional<GenerationTarget> named(RestoreTarget state) {
    if (generation.isEmpty()) {
      if (index.isPresent()) {
        throw new TidewalException.Usage(
            "--index needs --generation: `tidewal generations` lists them");
      }
      return Optional.empty();
    }
    if (!(state instanceof RestoreTarget.Latest)) {
      throw new TidewalException.Usage(
          "--generation, --timestamp and --txid exclude each other: give one");
    }
    String id = generation.get();
    if (!id.matches("[0-9a-f]{16}")) {
      throw new TidewalException.Usage(
          "--generation " + id + " is not a generation: write 16 hex digits");
    }
    return Optional.of(
        index
            .<GenerationTarget>map(text -> new GenerationTarget.AtIndex(id, parse(text)))
            .orElseGet(() -> new GenerationTarget.InGeneration(id)));
  }

  private static GenerationTarget same(RestoreTarget state) {
    return switch (state) {
      case RestoreTarget.Latest latest -> new GenerationTarget.Latest();
      case RestoreTarget.AtTime at -> new GenerationTarget.AtTime(at.time());
      case RestoreTarget.AtTxid at -> throw new IllegalStateException(at + " is in LTX only");
    };
  }

  private static long parse(String text) {
    if (!text.matches("[0-9a-fA-F]{1,8}")) {
      throw new TidewalException.Usage(
          "--index " + text + " is not an index: write up to 8 hex digits");
    }
    return Long.parseLong(text, 16);
  }
}
