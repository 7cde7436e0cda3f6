package dev.tidewal.replica;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Object metadata as extended attributes: {@code user.tidewal.owner} and so on, with the texts of
 * S3's user metadata. The timestamp is not among them, it is the file's mtime.
 */
final class FileMetadata {
  private static final String S3_PREFIX = "tidewal-";
  private static final String PREFIX = "tidewal.";

  private FileMetadata() {}

  /** Sets the attributes; false when the file system has none. */
  static boolean write(Path path, ObjectMetadata metadata) throws IOException {
    @Nullable UserDefinedFileAttributeView view = view(path);
    for (Map.Entry<String, String> entry : MetadataText.withoutTimestamp(metadata).entrySet()) {
      if (view == null) {
        return false;
      }
      try {
        String name = PREFIX + entry.getKey().substring(S3_PREFIX.length());
        view.write(name, StandardCharsets.US_ASCII.encode(entry.getValue()));
      } catch (FileSystemException e) {
        if (FileFailures.isUnsupported(e)) {
          return false;
        }
        throw e;
      }
    }
    return true;
  }

  static ObjectMetadata read(Path path, Instant timestamp) throws IOException {
    Map<String, String> texts = new HashMap<>();
    for (String name : names(path)) {
      if (name.startsWith(PREFIX)) {
        texts.put(S3_PREFIX + name.substring(PREFIX.length()), text(path, name));
      }
    }
    ObjectMetadata recorded = MetadataText.parse(texts);
    return new ObjectMetadata(
        Optional.of(timestamp),
        recorded.owner(),
        recorded.cluster(),
        recorded.checksum(),
        recorded.frameChecksum());
  }

  private static List<String> names(Path path) throws IOException {
    @Nullable UserDefinedFileAttributeView view = view(path);
    if (view == null) {
      return List.of();
    }
    try {
      return view.list();
    } catch (FileSystemException e) {
      if (FileFailures.isUnsupported(e)) {
        return List.of();
      }
      throw e;
    }
  }

  private static String text(Path path, String name) throws IOException {
    UserDefinedFileAttributeView view = view(path);
    if (view == null) {
      return "";
    }
    ByteBuffer value = ByteBuffer.allocate(view.size(name));
    view.read(name, value);
    return StandardCharsets.US_ASCII.decode(value.flip()).toString();
  }

  private static @Nullable UserDefinedFileAttributeView view(Path path) {
    return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
  }
}
