package dev.tidewal.supervisor;

import dev.tidewal.core.TidewalException;
import dev.tidewal.fence.ReplicaHead;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The directory in which Litestream 0.5 keeps its newest L0 files beside a database. Only read. */
final class LitestreamState {
  private LitestreamState() {}

  /**
   * Whether the database's own Litestream wrote the replica's head: its newest local L0 file is the
   * same object.
   *
   * @param directory usually {@code .<db>-litestream}
   */
  static boolean wroteHead(Path directory, ReplicaHead.At head) throws IOException {
    Path batches = directory.resolve("ltx/0");
    if (!Files.isDirectory(batches)) {
      return false;
    }
    try (Stream<Path> files = Files.list(batches)) {
      Optional<Path> newest =
          files
              .filter(file -> LtxName.parse(0, file.getFileName().toString()).isPresent())
              .max(Comparator.comparing(file -> file.getFileName().toString()));
      return newest.isPresent() && isHead(newest.get(), head);
    }
  }

  private static boolean isHead(Path file, ReplicaHead.At head) throws IOException {
    if (!file.getFileName().toString().equals(head.object().fileName())) {
      return false;
    }
    try (LtxReader reader =
        new LtxReader(new BufferedInputStream(Files.newInputStream(file)), file.toString())) {
      while (reader.next()) {
        // only the checksum at the end is of interest
      }
      return reader.finish().fileChecksum() == head.fileChecksum();
    } catch (TidewalException.Corrupt e) {
      return false;
    }
  }
}
