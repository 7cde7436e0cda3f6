package dev.tidewal.cli;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.ListenAddress;
import dev.tidewal.core.TidewalException;
import dev.tidewal.serve.StatusServer;
import java.net.InetSocketAddress;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a running sidecar listens. */
final class AddressOptions {
  @Option(
      names = {"--addr", "--socket"},
      paramLabel = "HOST:PORT",
      description = "Address of the running sidecar; else that of the configuration, else 9797.")
  private Optional<String> address = Optional.empty();

  /** The address that was named, else that of the configuration; loopback for every interface. */
  InetSocketAddress address(Optional<Configuration> configuration) {
    if (address.isPresent()) {
      return parse(address.get());
    }
    return configuration
        .map(Configuration::addr)
        .filter(configured -> !configured.isOff())
        .map(AddressOptions::reachable)
        .orElseGet(
            () -> InetSocketAddress.createUnresolved("127.0.0.1", StatusServer.DEFAULT_PORT));
  }

  private static InetSocketAddress reachable(ListenAddress configured) {
    boolean everywhere =
        configured.host().isEmpty()
            || configured.host().equals("0.0.0.0")
            || configured.host().equals("::");
    return InetSocketAddress.createUnresolved(
        everywhere ? "127.0.0.1" : configured.host(), configured.port());
  }

  private static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
      throw new TidewalException.Usage("--addr " + text + " is not an address: write host:port");
    }
    String host = colon <= 0 ? "127.0.0.1" : text.substring(0, colon);
    return InetSocketAddress.createUnresolved(host, Integer.parseInt(port));
  }
}
