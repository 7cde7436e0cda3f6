package dev.tidewal.restore;

import static java.util.Objects.requireNonNull;

import dev.tidewal.core.TidewalException.Refused;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file that a restore leaves behind, or nothing.
 *
 * <p>Everything is written to {@code .<name>-<random>.restoring} beside it. {@link #commit} syncs,
 * renames and syncs the directory; {@link #close} without it deletes. The temporary file is locked
 * while it is written: what a killed restore left is recognised by its free lock and removed by the
 * next one. What SQLite would apply to the new file ({@code -wal}, {@code -journal}) is gone before
 * the rename.
 */
public final class RestoreOutput implements Closeable {
  private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");
  private static final Logger LOG = System.getLogger(RestoreOutput.class.getName());
  private static final String SUFFIX = ".restoring";

  /** Longer than a file may stay without its lock after it was created. */
  private static final Duration UNLOCKED = Duration.ofMinutes(1);

  private final Path output;
  private final boolean overwrite;

  /** Whether there was nothing to lose when the restore began. */
  private final boolean empty;

  private final Path temporary;
  private final FileChannel channel;
  private boolean committed;

  private RestoreOutput(Path output, boolean overwrite, Path temporary, FileChannel channel) {
    this.output = output;
    this.overwrite = overwrite;
    this.empty = isEmpty(output);
    this.temporary = temporary;
    this.channel = channel;
  }

  /**
   * Refuses early what can't be written.
   *
   * @throws Refused when the output or a companion of it exists and must not be replaced
   */
  public static RestoreOutput open(Path output, boolean overwrite) throws IOException {
    Path absolute = output.toAbsolutePath().normalize();
    Path directory = absolute.getParent();
    if (directory == null || Files.isDirectory(absolute)) {
      throw new Refused(output + " is a directory; name the database file to restore to");
    }
    if (!overwrite) {
      refuseExisting(absolute);
    }
    Files.createDirectories(directory);
    deleteLeftovers(absolute);
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Path temporary = directory.resolve(prefix(absolute) + random + SUFFIX);
    FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    lock(channel);
    return new RestoreOutput(absolute, overwrite, temporary, channel);
  }

  /** Released with the channel. Where the volume has no locks, leftovers stay. */
  private static void lock(FileChannel channel) {
    try {
      channel.lock();
    } catch (IOException noLocksHere) {
      LOG.log(Level.DEBUG, "no lock: {0}", noLocksHere.getMessage());
    }
  }

  private static String prefix(Path output) {
    return "." + output.getFileName() + "-";
  }

  private static void deleteLeftovers(Path output) throws IOException {
    Instant created = Instant.now().minus(UNLOCKED);
    try (Stream<Path> siblings = Files.list(requireNonNull(output.getParent()))) {
      for (Path file : siblings.filter(path -> isTemporaryOf(output, path)).toList()) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(created) && isUnlocked(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static boolean isTemporaryOf(Path output, Path file) {
    String name = file.getFileName().toString();
    String prefix = prefix(output);
    return name.startsWith(prefix)
        && name.endsWith(SUFFIX)
        && name.length() == prefix.length() + 8 + SUFFIX.length();
  }

  private static boolean isUnlocked(Path file) throws IOException {
    try (FileChannel probe = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return probe.tryLock() != null;
    } catch (OverlappingFileLockException | IOException ofThisProcessOrUnknown) {
      return false;
    }
  }

  private static void refuseExisting(Path output) {
    if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      throw new Refused(
          output + " exists already; name another output, or replace it with --force");
    }
    companion(output)
        .ifPresent(path -> {
          throw new Refused(
              path
                  + " is left of another database and would be applied to the restored one;"
                  + " delete it, or replace it with --force");
        });
  }

  private static Optional<Path> companion(Path output) {
    return COMPANIONS.stream()
        .map(suffix -> output.resolveSibling(output.getFileName() + suffix))
        .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
        .findFirst();
  }

  /** For positioned writes and reads, by any number of threads. */
  public FileChannel channel() {
    return channel;
  }

  /** The file that is written, for checks before {@link #commit}. */
  public Path temporary() {
    return temporary;
  }

  /** Where scratch files may go: the same volume. */
  Path directory() {
    return requireNonNull(output.getParent());
  }

  public Path output() {
    return output;
  }

  /** Starts again with an empty file. */
  public void clear() throws IOException {
    channel.truncate(0);
  }

  /** Whether the volume has that much left. */
  public boolean hasRoomFor(long bytes) {
    long free = temporary.toFile().getUsableSpace();
    return free == 0 || free >= bytes; // some network volumes don't know; then writing tells
  }

  IOException noRoomFor(long bytes) {
    long free = temporary.toFile().getUsableSpace();
    return new FileSystemException(
        output.toString(),
        null,
        "not enough space: the database takes " + bytes + " bytes, " + free + " are free");
  }

  /** Makes the file durable under its final name. */
  public void commit() throws IOException {
    channel.force(true);
    if (overwrite) {
      if (empty && !isEmpty(output)) {
        throw appeared(null);
      }
      deleteCompanions();
      Files.move(
          temporary, output, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } else {
      refuseExisting(output);
      appear();
    }
    committed = true;
    syncDirectory(output);
  }

  private static boolean isEmpty(Path output) {
    return output.toFile().length() == 0;
  }

  /** On disk before the rename is: a WAL that came back would be applied to the new file. */
  private void deleteCompanions() throws IOException {
    boolean any = false;
    for (Optional<Path> stale = companion(output); stale.isPresent(); stale = companion(output)) {
      Files.delete(stale.get());
      any = true;
    }
    if (any) {
      syncDirectory(output);
    }
  }

  /** An application was faster than the restore: what it wrote since is not ours to replace. */
  private Refused appeared(@Nullable Exception cause) {
    String message = output + " appeared while it was being restored; it was left alone";
    return cause == null ? new Refused(message) : new Refused(message, cause);
  }

  /** A link can't replace a file that appeared meanwhile; a rename would. */
  private void appear() throws IOException {
    try {
      Files.createLink(output, temporary);
      Files.delete(temporary);
    } catch (FileAlreadyExistsException e) {
      throw appeared(e);
    } catch (UnsupportedOperationException noLinks) {
      Files.move(temporary, output, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!isWithoutLinks(e)) {
        throw e;
      }
      Files.move(temporary, output, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** What FAT, SMB and FUSE volumes answer to a hard link: EPERM, EACCES, ENOTSUP, ENOSYS. */
  static boolean isWithoutLinks(FileSystemException e) {
    String reason = String.valueOf(e.getReason()).toLowerCase(Locale.ROOT);
    return e instanceof AccessDeniedException
        || reason.contains("not permitted")
        || reason.contains("not supported")
        || reason.contains("not implemented")
        || reason.contains("too many links");
  }

  /** Makes a rename or a deletion beside {@code file} durable. */
  static void syncDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
        opened.force(true);
      }
    }
  }

  /** Says so when a write failed because the volume is full. */
  static IOException explained(IOException failure, Path output) {
    String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space left") || text.contains("quota exceeded")) {
      return new FileSystemException(
          output.toString(),
          null,
          "the volume is full; nothing was left behind, free some space and restore again");
    }
    return failure;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      if (!committed) {
        Files.deleteIfExists(temporary);
      }
    }
  }
}
