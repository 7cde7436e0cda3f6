package dev.tidewal.replica;

import static java.util.Objects.requireNonNull;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A replica in a directory: {@code <root>/ltx/<level>/<min>-<max>.ltx}, as Litestream lays it out,
 * and control documents in {@code <root>/.tidewal/}.
 *
 * <p>An object is written to a temporary file of the same file system, gets its extended attributes
 * and its mtime (the LTX timestamp) there, is synced, and then appears under its name by {@code
 * link()} (never over another) or {@code rename()}; the directory is synced before the write
 * returns. {@link ObjectInfo#modified} is the file's change time, which nobody can set.
 *
 * <p>A volume without hard links or extended attributes can't keep the CREATE condition together
 * with the owner id: CREATE is refused there, REPLACE works without the attributes.
 */
public final class FileReplicaClient implements ReplicaClient {
  private final Path root;
  private final TemporaryFiles temporaries;
  private final StoreClock clock = new StoreClock();

  public FileReplicaClient(Path root) {
    this.root = root.toAbsolutePath().normalize();
    this.temporaries = new TemporaryFiles(this.root.resolve(".tidewal/.tmp"));
  }

  @Override
  public String type() {
    return "file";
  }

  @Override
  public String url() {
    return "file://" + root;
  }

  @Override
  public Iterator<ObjectInfo> list(int level, Txid seek, boolean exactTimes) {
    Path directory = levelDirectory(level);
    List<LtxName> names =
        FileFailures.mapped("list", directory, () -> sortedNames(directory, level, seek));
    return new Iterator<>() {
      private int next;
      private @Nullable ObjectInfo ahead;

      @Override
      public boolean hasNext() {
        while (ahead == null && next < names.size()) {
          ahead = infoIfPresent(names.get(next++), exactTimes).orElse(null);
        }
        return ahead != null;
      }

      @Override
      public ObjectInfo next() {
        if (!hasNext() || ahead == null) {
          throw new NoSuchElementException();
        }
        ObjectInfo result = ahead;
        ahead = null;
        return result;
      }
    };
  }

  @Override
  public ObjectInfo stat(LtxName name) {
    Path path = path(name);
    return FileFailures.mapped("stat", path, () -> info(name, path, true));
  }

  @Override
  public InputStream open(LtxName name, long offset, long size) {
    Path path = path(name);
    return FileFailures.mapped("open", path, () -> FileRangeStream.open(path, offset, size));
  }

  @Override
  public ObjectInfo write(
      LtxName name, ObjectMetadata metadata, WriteMode mode, long maxSizeBytes, Content content) {
    Path path = path(name);
    publish(levelDirectory(name.level()), path, metadata, mode, content);
    ObjectInfo stored = FileFailures.mapped("write", path, () -> info(name, path, false));
    clock.answered(stored.modified());
    return new ObjectInfo(name, stored.sizeBytes(), stored.modified(), metadata);
  }

  @Override
  public ObjectInfo copy(LtxName from, LtxName to) {
    ObjectMetadata metadata = stat(from).metadata();
    return write(
        to,
        metadata,
        WriteMode.REPLACE,
        Long.MAX_VALUE,
        out -> {
          try (InputStream in = open(from, 0, 0)) {
            in.transferTo(out);
          }
        });
  }

  @Override
  public void delete(Collection<LtxName> names) {
    Set<Path> touched = new TreeSet<>();
    for (LtxName name : names) {
      Path path = path(name);
      if (FileFailures.mapped("delete", path, () -> Files.deleteIfExists(path))) {
        touched.add(levelDirectory(name.level()));
      }
    }
    touched.forEach(FileReplicaClient::syncDirectory);
  }

  @Override
  public void deleteAll() {
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      Path directory = levelDirectory(level);
      int ofLevel = level;
      delete(
          FileFailures.mapped("list", directory, () -> sortedNames(directory, ofLevel, Txid.ZERO)));
      deleteIfEmpty(directory);
    }
    deleteIfEmpty(root.resolve("ltx"));
    temporaries.deleteStale();
    deleteIfEmpty(temporaries.directory());
    FileFailures.mapped("delete", documents(), () -> deleteDocuments(documents()));
    deleteIfEmpty(documents());
  }

  @Override
  public Optional<byte[]> readDocument(String name) {
    Path path = document(name);
    return FileFailures.mapped(
        "read",
        path,
        () -> {
          try {
            return Optional.of(Files.readAllBytes(path));
          } catch (NoSuchFileException absent) {
            return Optional.empty();
          }
        });
  }

  @Override
  public void writeDocument(String name, byte[] bytes, WriteMode mode) {
    publish(documents(), document(name), ObjectMetadata.UNKNOWN, mode, out -> out.write(bytes));
  }

  @Override
  public Optional<ObjectBrowser> browser() {
    return Optional.of(new FileBrowser(root));
  }

  @Override
  public Instant storeTime() {
    if (!clock.hasAnswered() && Files.isDirectory(root)) {
      FileFailures.mapped("stat", root, this::askVolume);
    }
    return clock.now();
  }

  /** A file server's time may be another than ours, and shows in what it has just created. */
  private Instant askVolume() throws IOException {
    try (TemporaryFiles.Temporary temporary = temporaries.create(root)) {
      Instant created = changeTime(temporary.path());
      clock.answered(created);
      return created;
    }
  }

  private static Instant changeTime(Path path) throws IOException {
    return ((FileTime) Files.getAttribute(path, "unix:ctime")).toInstant();
  }

  @Override
  public void close() {}

  private Path levelDirectory(int level) {
    return root.resolve("ltx").resolve(Integer.toString(level));
  }

  private Path path(LtxName name) {
    return levelDirectory(name.level()).resolve(name.fileName());
  }

  private Path documents() {
    return root.resolve(".tidewal");
  }

  private Path document(String name) {
    return documents().resolve(DocumentName.checked(name));
  }

  private void publish(
      Path directory, Path path, ObjectMetadata metadata, WriteMode mode, Content content) {
    FileFailures.mapped("write", path, () -> createDirectories(directory));
    try (TemporaryFiles.Temporary temporary = temporaries.create(path)) {
      temporary.fill(content);
      FileFailures.mapped(
          "write",
          path,
          () -> {
            boolean complete = FileMetadata.write(temporary.path(), metadata);
            if (!complete && mode == WriteMode.CREATE) {
              throw new TidewalException.Refused(noCondition(path, "extended attributes"));
            }
            if (metadata.timestamp().isPresent()) {
              Files.setLastModifiedTime(
                  temporary.path(), FileTime.from(metadata.timestamp().get()));
            }
            temporary.sync();
            appear(temporary.path(), path, mode);
            return path;
          });
    }
    syncDirectory(directory);
  }

  private static void appear(Path temporary, Path path, WriteMode mode) throws IOException {
    switch (mode) {
      case REPLACE ->
          Files.move(
              temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      case CREATE -> {
        try {
          Files.createLink(path, temporary);
        } catch (FileAlreadyExistsException present) {
          throw new TidewalException.PreconditionFailed(
              "write " + path + ": it exists already, and this write must not replace it", present);
        } catch (UnsupportedOperationException unsupported) {
          throw new TidewalException.Refused(noCondition(path, "hard links"), unsupported);
        } catch (FileSystemException refused) {
          if (FileFailures.isUnsupported(refused)) {
            throw new TidewalException.Refused(noCondition(path, "hard links"), refused);
          }
          throw refused;
        }
      }
    }
  }

  private static String noCondition(Path path, String what) {
    return "write "
        + path
        + ": the volume has no "
        + what
        + ", so a second writer could not be noticed; keep the replica on another volume, or allow"
        + " unfenced replication";
  }

  private static Path createDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return directory;
    }
    List<Path> missing = new ArrayList<>();
    for (Path at = directory; at != null && !Files.exists(at); at = at.getParent()) {
      missing.add(at);
    }
    Files.createDirectories(directory);
    for (Path created : missing) {
      Path parent = created.getParent();
      if (parent != null) {
        syncDirectory(parent);
      }
    }
    return directory;
  }

  private static void syncDirectory(Path directory) {
    FileFailures.mapped(
        "sync",
        directory,
        () -> {
          try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
          }
          return directory;
        });
  }

  private static Path deleteDocuments(Path directory) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        if (DocumentName.isValid(child.getFileName().toString()) && Files.isRegularFile(child)) {
          Files.deleteIfExists(child);
        }
      }
    } catch (NoSuchFileException nothingYet) {
      return directory;
    }
    return directory;
  }

  private static void deleteIfEmpty(Path directory) {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException notEmpty) {
      // Somebody else's files are in it: it stays.
    }
  }

  /** One pass over the directory; only names from {@code seek} on are kept and sorted. */
  private static List<LtxName> sortedNames(Path directory, int level, Txid seek)
      throws IOException {
    List<LtxName> names = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        LtxName.parse(level, child.getFileName().toString())
            .filter(name -> !name.min().isBefore(seek))
            .ifPresent(names::add);
      }
    } catch (NoSuchFileException nothingYet) {
      return List.of();
    }
    names.sort(null);
    return names;
  }

  private Optional<ObjectInfo> infoIfPresent(LtxName name, boolean withMetadata) {
    Path path = path(name);
    return FileFailures.mapped(
        "stat",
        path,
        () -> {
          try {
            return Optional.of(info(name, path, withMetadata));
          } catch (NoSuchFileException deletedMeanwhile) {
            return Optional.empty();
          }
        });
  }

  private static ObjectInfo info(LtxName name, Path path, boolean withMetadata) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(path, "unix:size,ctime,lastModifiedTime");
    Instant modified = ((FileTime) requireNonNull(attributes.get("ctime"))).toInstant();
    Instant timestamp = ((FileTime) requireNonNull(attributes.get("lastModifiedTime"))).toInstant();
    return new ObjectInfo(
        name,
        (Long) requireNonNull(attributes.get("size")),
        modified,
        withMetadata ? FileMetadata.read(path, timestamp) : ObjectMetadata.UNKNOWN);
  }
}
