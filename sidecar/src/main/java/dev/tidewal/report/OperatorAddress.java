package dev.tidewal.report;

import dev.tidewal.core.TidewalException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where reports go, and who sends them: what the injection put into the environment.
 *
 * @param url base address of the position service
 * @param token file with the pod's token for it, which the kubelet renews
 * @param authority file with the certificates to trust
 * @param replication {@code namespace/name} of the SqliteReplication
 * @param node where the pod runs, as far as it is known
 */
public record OperatorAddress(
    URI url, Path token, Path authority, String replication, Optional<String> node) {
  private static final String DIRECTORY = "/var/run/tidewal/";

  /**
   * From the environment; empty outside of an injected pod.
   *
   * @throws TidewalException.Usage when only a part of it is there
   */
  public static Optional<OperatorAddress> of(Map<String, String> environment) {
    String url = environment.getOrDefault("TIDEWAL_POSITION_URL", "");
    if (url.isEmpty()) {
      return Optional.empty();
    }
    String replication = environment.getOrDefault("TIDEWAL_REPLICATION", "");
    if (replication.isEmpty() || !url.startsWith("https://")) {
      throw new TidewalException.Usage(
          "TIDEWAL_POSITION_URL needs an https address, and TIDEWAL_REPLICATION (namespace/name)"
              + " beside it");
    }
    return Optional.of(
        new OperatorAddress(
            URI.create(url),
            Path.of(environment.getOrDefault("TIDEWAL_POSITION_TOKEN", DIRECTORY + "token/token")),
            Path.of(
                environment.getOrDefault("TIDEWAL_POSITION_CA", DIRECTORY + "operator-ca/ca.crt")),
            replication,
            Optional.ofNullable(environment.get("TIDEWAL_NODE")).filter(n -> !n.isEmpty())));
  }
}
