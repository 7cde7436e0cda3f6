package dev.tidewal.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a replica that hold first-hand content: L0 and the snapshots. Compactions don't. */
final class ReplicaFiles {
  private static final int[] LEVELS = {0, 9};
  private static final int MIN_TXID_OFFSET = 16;

  private ReplicaFiles() {}

  /** Path to bytes. */
  static Map<Path, Long> sizes(Store store, String replica) throws IOException {
    Map<Path, Long> result = new TreeMap<>();
    for (int level : LEVELS) {
      Path directory = store.level(replica, level);
      if (Files.isDirectory(directory)) {
        try (Stream<Path> files = Files.list(directory)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".ltx")).toList()) {
            try {
              result.put(file, Files.size(file));
            } catch (NoSuchFileException e) {
              // retention was faster
            }
          }
        }
      }
    }
    return result;
  }

  /** Whether a file starts at the first transaction and is large enough to hold the database. */
  static boolean holdWhole(Store store, String replica, long databaseBytes) throws IOException {
    for (Map.Entry<Path, Long> file : sizes(store, replica).entrySet()) {
      if (file.getValue() >= databaseBytes / 10 && minTxid(file.getKey()) == 1) {
        return true;
      }
    }
    return false;
  }

  /** Waits until nothing new appeared for a while. */
  static void awaitQuiet(Store store, String replica, int seconds)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + 180_000_000_000L;
    Map<Path, Long> last = sizes(store, replica);
    long since = System.nanoTime();
    while (System.nanoTime() - since < seconds * 1_000_000_000L && System.nanoTime() < deadline) {
      Thread.sleep(250);
      Map<Path, Long> now = sizes(store, replica);
      if (!now.equals(last)) {
        last = now;
        since = System.nanoTime();
      }
    }
  }

  private static long minTxid(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ByteBuffer.wrap(in.readNBytes(100)).getLong(MIN_TXID_OFFSET);
    }
  }
}
