package dev.tidewal.core;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a BucketInfo from where it is mounted: a directory (a Secret volume) or the one file with
 * the JSON document.
 *
 * <p>The kubelet updates a Secret volume by swapping the symlink {@code ..data}; everything is read
 * below what it points at, so that two versions are never mixed.
 */
public final class BucketInfoFile {
  /** Kubernetes' own limit for a Secret is 1 MiB. */
  private static final long LARGEST_FILE_BYTES = 1 << 20;

  private static final int SWAPS_TOLERATED = 5;

  private BucketInfoFile() {}

  /**
   * Looks at {@code path} once.
   *
   * @throws TidewalException.Usage as {@link BucketInfo#parse}; the message names file and field
   * @throws IOException when the file or directory can't be read
   */
  public static BucketInfoState read(Path path, BucketInfo.Overrides overrides) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return Files.isDirectory(path)
            ? readDirectory(path, overrides)
            : readDocument(path, overrides);
      } catch (NoSuchFileException gone) {
        if (!Files.exists(path)) {
          return new BucketInfoState.NotReady(path + " does not exist yet");
        }
        if (attempt == SWAPS_TOLERATED) {
          throw gone;
        }
      }
    }
  }

  private static BucketInfoState readDocument(Path file, BucketInfo.Overrides overrides)
      throws IOException {
    String document = readText(file);
    return document.isBlank()
        ? new BucketInfoState.NotReady(file + " is still empty")
        : new BucketInfoState.Ready(
            BucketInfoParser.parseDocument(document, overrides, file.toString()));
  }

  private static BucketInfoState readDirectory(Path directory, BucketInfo.Overrides overrides)
      throws IOException {
    Path swapped = directory.resolve("..data");
    Path version = Files.exists(swapped) ? swapped.toRealPath() : directory;
    Map<String, String> data = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(version)) {
      for (Path file : files) {
        if (Files.isRegularFile(file)) {
          data.put(version.relativize(file).toString(), readText(file));
        }
      }
    }
    boolean onlyAnEmptyDocument =
        data.keySet().equals(Set.of(BucketInfoParser.DOCUMENT))
            && data.values().stream().allMatch(String::isBlank);
    return data.isEmpty() || onlyAnEmptyDocument
        ? new BucketInfoState.NotReady(directory + " is still empty")
        : new BucketInfoState.Ready(BucketInfo.parse(data, overrides, directory.toString()));
  }

  private static String readText(Path file) throws IOException {
    if (Files.size(file) > LARGEST_FILE_BYTES) {
      throw new TidewalException.Usage(
          file + ": larger than 1 MiB, so not a BucketInfo; name the file that COSI mounted");
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
