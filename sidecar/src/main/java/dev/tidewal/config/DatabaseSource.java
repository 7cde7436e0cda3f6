package dev.tidewal.config;

import java.nio.file.FileSystems;
import java.nio.file.Path;

/** Which database files an entry of the configuration means. */
public sealed interface DatabaseSource {
  /** Whether the entry means this file; {@code file} is absolute. */
  boolean includes(Path file);

  /** One file, absolute; it may not exist yet. */
  record File(Path path) implements DatabaseSource {
    @Override
    public boolean includes(Path file) {
      return path.equals(file);
    }
  }

  /**
   * The SQLite databases in a directory.
   *
   * @param directory absolute
   * @param pattern glob for file names
   * @param recursive at any depth
   * @param watch also those that appear later
   */
  record Directory(Path directory, String pattern, boolean recursive, boolean watch)
      implements DatabaseSource {
    @Override
    public boolean includes(Path file) {
      boolean inside = recursive ? file.startsWith(directory) : directory.equals(file.getParent());
      // As a shell's glob has it: a star does not mean what a restore is just writing.
      boolean hidden = file.getFileName().toString().startsWith(".");
      return inside
          && (!hidden || pattern.startsWith("."))
          && !file.equals(directory)
          && FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(file.getFileName());
    }
  }
}
