package dev.tidewal.replica;

import java.nio.file.Path;

/**
 * A replica in a directory.
 *
 * @param root the directory; levels lie in {@code <root>/ltx/}
 */
public record FileSettings(Path root) implements ReplicaSettings {
  @Override
  public String type() {
    return "file";
  }

  @Override
  public String url() {
    return "file://" + root.toAbsolutePath().normalize();
  }
}
