package dev.tidewal.operator;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an installation decides, from the environment of the container.
 *
 * @param namespace where the operator runs
 * @param service name of its Service, which the certificates are for
 * @param sidecarImage image of injected containers
 * @param watched namespaces whose replications are followed; empty: all
 * @param webhookPort port of the admission webhook
 * @param positionPort port of the position service
 * @param healthPort port of metrics and health
 * @param leastGracePeriod time that injected pods have to end at least
 */
public record Settings(
    String namespace,
    String service,
    String sidecarImage,
    Set<String> watched,
    int webhookPort,
    int positionPort,
    int healthPort,
    Duration leastGracePeriod) {
  public Settings {
    watched = Set.copyOf(watched);
  }

  /**
   * Reads {@code TIDEWAL_...}.
   *
   * @throws IllegalArgumentException naming the variable
   */
  public static Settings of(Map<String, String> environment) {
    return new Settings(
        required(environment, "TIDEWAL_NAMESPACE"),
        environment.getOrDefault("TIDEWAL_SERVICE", "tidewal"),
        required(environment, "TIDEWAL_SIDECAR_IMAGE"),
        names(environment.getOrDefault("TIDEWAL_WATCH_NAMESPACES", "")),
        number(environment, "TIDEWAL_WEBHOOK_PORT", 9443),
        number(environment, "TIDEWAL_POSITION_PORT", 9444),
        number(environment, "TIDEWAL_HEALTH_PORT", 8080),
        Duration.ofSeconds(number(environment, "TIDEWAL_LEAST_GRACE_PERIOD_SECONDS", 60)));
  }

  /** DNS names of the servers. */
  Set<String> names() {
    return new TreeSet<>(
        Set.of(
            service + "." + namespace + ".svc", service + "." + namespace + ".svc.cluster.local"));
  }

  String positionUrl() {
    return "https://" + service + "." + namespace + ".svc:" + positionPort;
  }

  private static Set<String> names(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new IllegalArgumentException(name + " is not set");
    }
    return value;
  }

  private static int number(Map<String, String> environment, String name, int standard) {
    String value = environment.getOrDefault(name, "");
    try {
      return value.isEmpty() ? standard : Integer.parseInt(value);
    } catch (NumberFormatException broken) {
      throw new IllegalArgumentException(name + " is '" + value + "': write a number", broken);
    }
  }
}
