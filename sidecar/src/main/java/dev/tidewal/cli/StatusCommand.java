package dev.tidewal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewal.config.Configuration;
import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.DatabaseSource;
import dev.tidewal.config.DestinationConfig;
import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import dev.tidewal.database.DatabaseLook;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.restore.ReplicaOverview;
import dev.tidewal.state.StateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tidewal status}: remote truth beside local, with and without a running sidecar. */
@Command(
    name = "status",
    description = "Show databases: what runs, what is durable, what each replica really holds.",
    footer = {
      "",
      "tidewal status                everything that the configuration names, or that runs",
      "tidewal status DB             a database of the configuration",
      "tidewal status DB URL...      a database and its replicas, without a configuration",
      "tidewal status URL            a replica",
      "",
      "Example:  tidewal status /data/app.db s3://bucket/app"
    })
final class StatusCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ConfigOptions config = new ConfigOptions();
  @Mixin private AddressOptions sidecar = new AddressOptions();

  @Parameters(arity = "0..*", paramLabel = "DB|URL", description = "What to show; else all.")
  private List<String> arguments = List.of();

  StatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    Optional<Configuration> configuration =
        arguments.size() > 1 || isUrl() ? Optional.empty() : config.find(terminal);
    Map<Path, JsonNode> running = running(configuration);
    List<DatabaseStatus> all = new ArrayList<>();
    try (ReplicaClients clients = new ReplicaClients();
        ProgressLine line = ProgressLine.start(terminal, "asking")) {
      if (isUrl()) {
        DestinationConfig destination = config.reader(terminal).ofUrl(arguments.getFirst());
        all.add(
            new DatabaseStatus(
                Optional.empty(), Optional.empty(), List.of(look(destination, clients, line))));
      }
      for (Map.Entry<Path, Optional<DatabaseConfig>> each :
          databases(configuration, running).entrySet()) {
        all.add(database(each.getKey(), each.getValue(), running, clients, line));
      }
    }
    common.answer(
        terminal,
        all.stream().map(DatabaseStatus::json).toList(),
        () -> String.join("", all.stream().map(DatabaseStatus::text).toList()));
    return all.stream()
        .flatMap(status -> status.replicas().stream())
        .map(DatabaseStatus.Replica::exitCode)
        .filter(code -> code != ExitCode.OK)
        .findFirst()
        .orElse(ExitCode.OK);
  }

  private boolean isUrl() {
    return arguments.size() == 1 && Target.isUrl(arguments.getFirst());
  }

  /** What a sidecar says that runs here; empty when none does. */
  private Map<Path, JsonNode> running(Optional<Configuration> configuration) throws IOException {
    Map<Path, JsonNode> running = new LinkedHashMap<>();
    Optional<JsonNode> page = new SidecarClient(sidecar.address(configuration)).status();
    if (page.isPresent()) {
      for (JsonNode each : page.get().path("databases")) {
        running.put(Path.of(each.path("database").asText()), each);
      }
    }
    return running;
  }

  /** The databases to show, with what is configured for each. */
  private Map<Path, Optional<DatabaseConfig>> databases(
      Optional<Configuration> configuration, Map<Path, JsonNode> running) throws IOException {
    Map<Path, Optional<DatabaseConfig>> all = new LinkedHashMap<>();
    if (isUrl()) {
      return all;
    }
    if (arguments.isEmpty()) {
      configuration.ifPresent(
          known -> files(known).forEach(file -> all.put(file, known.find(file))));
      running.keySet().forEach(file -> all.putIfAbsent(file, Optional.empty()));
      if (all.isEmpty() && configuration.isEmpty()) {
        throw new TidewalException.Usage(
            "nothing to show: no configuration was found and no sidecar runs at "
                + sidecar.address(configuration)
                + "; write status DB URL, or name a configuration with --config");
      }
      return all;
    }
    Path file = Path.of(arguments.getFirst()).toAbsolutePath().normalize();
    if (arguments.size() > 1) {
      Configuration named =
          config
              .reader(terminal)
              .ofArguments(arguments.getFirst(), arguments.subList(1, arguments.size()))
              .configuration();
      all.put(file, Optional.of(named.databases().getFirst()));
      return all;
    }
    Optional<DatabaseConfig> known = configuration.flatMap(each -> each.find(file));
    if (known.isEmpty() && !running.containsKey(file)) {
      // Says what there is, and what was probably meant.
      var _ = Target.of(arguments.getFirst(), Optional.empty(), config, terminal);
    }
    all.put(file, known);
    return all;
  }

  private static List<Path> files(Configuration configuration) {
    List<Path> files = new ArrayList<>();
    for (DatabaseConfig each : configuration.databases()) {
      switch (each.source()) {
        case DatabaseSource.File one -> files.add(one.path());
        case DatabaseSource.Directory many -> files.addAll(files(many));
      }
    }
    return files;
  }

  private static List<Path> files(DatabaseSource.Directory source) {
    try (Stream<Path> paths =
        Files.walk(source.directory(), source.recursive() ? Integer.MAX_VALUE : 1)) {
      return paths
          .filter(Files::isRegularFile)
          .filter(source::includes)
          .filter(StatusCommand::isDatabase)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isDatabase(Path path) {
    try {
      return DatabaseLook.at(path) instanceof DatabaseLook.Database;
    } catch (IOException | TidewalException another) {
      return false;
    }
  }

  private DatabaseStatus database(
      Path file,
      Optional<DatabaseConfig> known,
      Map<Path, JsonNode> running,
      ReplicaClients clients,
      ProgressLine line)
      throws IOException {
    Path directory = StateDirectory.locate(file, known.flatMap(DatabaseConfig::stateDirectory));
    DatabaseStatus.Local local =
        new DatabaseStatus.Local(
            file,
            Files.exists(file),
            directory,
            StateDirectory.peek(directory),
            StateDirectory.peekFenced(directory));
    List<DatabaseStatus.Replica> replicas = new ArrayList<>();
    for (DestinationConfig destination :
        known.map(DatabaseConfig::destinations).orElse(List.of())) {
      replicas.add(look(destination, clients, line));
    }
    if (known.isEmpty() && running.containsKey(file)) {
      replicas.addAll(told(running.get(file), clients, line));
    }
    return new DatabaseStatus(Optional.of(local), Optional.ofNullable(running.get(file)), replicas);
  }

  /** A sidecar tells URLs without credentials and endpoints: enough to read a directory. */
  private List<DatabaseStatus.Replica> told(
      JsonNode running, ReplicaClients clients, ProgressLine line) throws IOException {
    List<DatabaseStatus.Replica> replicas = new ArrayList<>();
    for (JsonNode destination : running.path("destinations")) {
      String url = destination.path("url").asText();
      replicas.add(
          url.startsWith("file:")
              ? look(config.reader(terminal).ofUrl(url), clients, line)
              : new DatabaseStatus.Replica(
                  destination.path("type").asText(), url, Optional.empty(), Optional.empty()));
    }
    return replicas;
  }

  private static DatabaseStatus.Replica look(
      DestinationConfig destination, ReplicaClients clients, ProgressLine line) throws IOException {
    String url = destination.store().shown();
    line.step(url);
    Target target = new Target(Optional.empty(), Optional.empty(), destination);
    try (ReplicaClient client = TargetOptions.open(target, clients)) {
      return new DatabaseStatus.Replica(
          destination.name(), url, Optional.of(ReplicaOverview.read(client)), Optional.empty());
    } catch (TidewalException silent) {
      return new DatabaseStatus.Replica(
          destination.name(), url, Optional.empty(), Optional.of(silent));
    }
  }
}
