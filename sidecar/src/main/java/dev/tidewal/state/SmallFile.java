package dev.tidewal.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A text file of {@code key=value} lines that is replaced as a whole: written beside, synced,
 * renamed, directory synced. So a reader finds the old content or the new, and never half of one.
 */
final class SmallFile {
  private SmallFile() {}

  static void write(Path path, Map<String, String> values) throws IOException {
    StringBuilder text = new StringBuilder();
    values.forEach((key, value) -> text.append(key).append('=').append(escape(value)).append('\n'));
    Path beside = path.resolveSibling(path.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncNameOf(path);
  }

  /** The values, or empty when there is no such file. Lines without {@code =} are skipped. */
  static Optional<Map<String, String>> read(Path path) throws IOException {
    String text;
    try {
      text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), unescape(line.substring(equals + 1)));
      }
    }
    return Optional.of(values);
  }

  static void delete(Path path) throws IOException {
    if (Files.deleteIfExists(path)) {
      syncNameOf(path);
    }
  }

  /** Makes the creation, renaming or deletion of a name survive a power loss. */
  static void syncNameOf(Path path) throws IOException {
    Path directory = path.toAbsolutePath().resolveSibling("");
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String unescape(String value) {
    return value.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\");
  }
}
