package dev.tidewal.cli;

import dev.tidewal.config.StoreLookup;
import dev.tidewal.config.StoreState;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The replica that a subcommand works on. */
final class TargetOptions {
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = {"--destination", "--replica"},
      paramLabel = "NAME",
      description = "Which destination of DB; else the first.")
  private Optional<String> destination = Optional.empty();

  @Parameters(
      paramLabel = "URL|DB",
      description =
          "A replica (s3://bucket/prefix, file:///path), or a database of the configuration.")
  private String argument = "";

  String argument() {
    return argument;
  }

  ConfigOptions config() {
    return config;
  }

  Target target(Terminal terminal) throws IOException {
    return Target.of(argument, destination, config, terminal);
  }

  /**
   * A client of the replica; nothing is asked of the store yet.
   *
   * @throws TidewalException.StoreUnreachable when COSI has not handed the bucket out yet
   */
  static ReplicaClient open(Target target, ReplicaClients clients) throws IOException {
    return switch (StoreLookup.look(target.destination().store())) {
      case StoreState.Ready(var settings) -> clients.open(settings);
      case StoreState.NotReady(String reason) ->
          throw new TidewalException.StoreUnreachable("the bucket is not ready: " + reason);
    };
  }
}
