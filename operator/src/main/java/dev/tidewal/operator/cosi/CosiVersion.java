package dev.tidewal.operator.cosi;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;

/** Versions of {@code objectstorage.k8s.io}; a cluster serves one of them, or none. */
public enum CosiVersion {
  V1ALPHA1("v1alpha1"),
  V1ALPHA2("v1alpha2");

  public static final String GROUP = "objectstorage.k8s.io";

  private final String text;

  CosiVersion(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** The newest that we know among those that are served. */
  static Optional<CosiVersion> of(Collection<String> served) {
    return Arrays.stream(values())
        .filter(version -> served.contains(version.text))
        .reduce((older, newer) -> newer);
  }
}
