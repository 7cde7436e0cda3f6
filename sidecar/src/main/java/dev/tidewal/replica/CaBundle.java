package dev.tidewal.replica;

import java.nio.file.Path;

/** Certificate authorities in PEM, trusted beside those of the Java runtime. */
public sealed interface CaBundle {
  /** In a file, read when the store is opened. */
  record PemFile(Path path) implements CaBundle {}

  /** As text, such as a COSI Secret carries it. */
  record Pem(String text) implements CaBundle {}
}
