package dev.tidewal.operator.sidecar;

import dev.tidewal.crds.DestinationSpec;
import java.util.Objects;

/** Where the injected containers find things, and what the volumes behind them are called. */
public final class Layout {
  /** Below it, everything that is mounted for us. */
  public static final String ROOT = "/var/run/tidewal";

  public static final String CONFIGURATION_DIRECTORY = ROOT + "/config";
  public static final String CONFIGURATION_FILE = "tidewal.yml";
  public static final String AUTHORITY_DIRECTORY = ROOT + "/operator-ca";
  public static final String TOKEN_DIRECTORY = ROOT + "/token";
  public static final String TEMPORARY_DIRECTORY = "/tmp";

  /** What the image holds. */
  public static final String APPLICATION_DIRECTORY = "/opt/tidewal";

  public static final int PORT = 9797;

  /** Environment variable: "{@code <pod>/}" in pods of a StatefulSet, empty elsewhere. */
  public static final String POD_SEGMENT = "TIDEWAL_POD_SEGMENT";

  /** Environment variable: the one entry of the configuration that the pod has; absent: all. */
  public static final String DATABASE = "TIDEWAL_DATABASE";

  /** ConfigMap with the authorities behind the operator's own servers, in every namespace. */
  public static final String AUTHORITY_MAP = "tidewal-ca";

  private Layout() {}

  /** Name of the ConfigMap with the configuration of a replication's sidecars. */
  public static String configMap(String replication) {
    return replication + "-tidewal";
  }

  /** Name of a destination; it has a default in the definition. */
  public static String name(DestinationSpec destination) {
    return Objects.requireNonNullElse(destination.name(), "primary");
  }

  /** One of the two places of a destination's credentials: a rotation fills the other one. */
  public static String bucketDirectory(String destination, Slot slot) {
    return ROOT + "/bucket/" + destination + "-" + slot.letter();
  }

  public static String authorityDirectory(String destination) {
    return ROOT + "/ca/" + destination;
  }

  /** Of the two Secrets whose turns make a rotation. */
  public enum Slot {
    A,
    B;

    public String letter() {
      return this == A ? "a" : "b";
    }
  }
}
