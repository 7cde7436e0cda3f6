package dev.tidewal.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * The processes that hold a read mark of a WAL: SQLite's locks on the {@code -shm} file, as the
 * kernel lists them. Processes of other containers are not seen from ours.
 */
final class WalReaders {
  private static final Path LOCKS = Path.of("/proc/locks");

  /** Locks of marks 1 to 4; mark 0 reads the database file only (os_unix.c, wal.c). */
  private static final long FIRST_MARK = 124;

  private static final long LAST_MARK = 127;

  private WalReaders() {}

  /** Other processes, for example {@code python3, process 4711}; empty when that can't be known. */
  static List<String> of(Path database) {
    try {
      Object inode = Files.getAttribute(Path.of(database.toRealPath() + "-shm"), "unix:ino");
      TreeSet<String> readers = new TreeSet<>();
      for (String line : Files.readAllLines(LOCKS)) {
        // 1: POSIX  ADVISORY  READ 4711 08:01:123456 124 124
        String[] words = line.trim().split("\\s+", -1);
        boolean other = words.length == 8 && !words[4].equals(ownPid());
        if (other && words[5].endsWith(":" + inode) && isMark(words[6]) && isPid(words[4])) {
          readers.add(name(words[4]) + ", process " + words[4]);
        }
      }
      return List.copyOf(readers);
    } catch (IOException | UnsupportedOperationException e) {
      return List.of();
    }
  }

  private static boolean isMark(String offset) {
    return offset.length() == 3
        && offset.compareTo(String.valueOf(FIRST_MARK)) >= 0
        && offset.compareTo(String.valueOf(LAST_MARK)) <= 0;
  }

  /** The kernel shows those that we may not see as 0 or below. */
  private static boolean isPid(String text) {
    return text.matches("[1-9][0-9]*");
  }

  private static String ownPid() {
    return String.valueOf(ProcessHandle.current().pid());
  }

  private static String name(String pid) throws IOException {
    return Files.readString(Path.of("/proc", pid, "comm")).strip();
  }
}
