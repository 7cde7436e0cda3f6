package dev.tidewal.replica;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** {@link ObjectBrowser} of a directory. */
record FileBrowser(Path root) implements ObjectBrowser {
  @Override
  public String url() {
    return "file://" + root;
  }

  @Override
  public Iterator<BrowsedObject> browse(String folder) {
    Path directory = root.resolve(folder);
    List<BrowsedObject> found = new ArrayList<>();
    FileFailures.mapped(
        "list",
        directory,
        () ->
            Files.isDirectory(directory)
                ? Files.walkFileTree(directory, new Collector(root, found))
                : directory);
    return found.iterator();
  }

  @Override
  public InputStream open(String key, long offset, long size) {
    Path path = root.resolve(key);
    return FileFailures.mapped("open", path, () -> FileRangeStream.open(path, offset, size));
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<BrowsedObject> found;

    private Collector(Path root, List<BrowsedObject> found) {
      this.root = root;
      this.found = found;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        String key = root.relativize(file).toString();
        found.add(
            new BrowsedObject(key, attributes.size(), attributes.lastModifiedTime().toInstant()));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE; // Deleted meanwhile.
      }
      throw failure;
    }
  }
}
