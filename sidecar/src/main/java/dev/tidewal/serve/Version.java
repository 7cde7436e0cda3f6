package dev.tidewal.serve;

import java.util.Objects;

/** Which build runs. */
public final class Version {
  private Version() {}

  /** From the jar's manifest; {@code development} when the classes were not packaged. */
  public static String tidewal() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "development");
  }

  /** The Java runtime's version, for example {@code 25.0.3+9-LTS}. */
  public static String java() {
    return Runtime.version().toString();
  }
}
