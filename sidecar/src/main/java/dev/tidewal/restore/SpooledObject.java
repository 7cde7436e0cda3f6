package dev.tidewal.restore;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * An object that was fetched and verified as a whole, to be read from here as often as needed: in
 * memory when small, else in a file that is unlinked as soon as it is open.
 */
final class SpooledObject implements Closeable {
  private static final long IN_MEMORY_BYTES = 4 << 20;

  private final String name;
  private final byte[] bytes;
  private final @Nullable FileChannel file;
  private final LtxSummary summary;

  private SpooledObject(String name, byte[] bytes, @Nullable FileChannel file, VerifiedBy verified)
      throws IOException {
    this.name = name;
    this.bytes = bytes;
    this.file = file;
    try (LtxReader reader = reader()) {
      this.summary = verified.read(reader);
    }
  }

  /** Reads all pages and then finishes the reader, so that everything is verified. */
  @FunctionalInterface
  interface VerifiedBy {
    LtxSummary read(LtxReader reader) throws IOException;
  }

  /**
   * Fetches an object.
   *
   * @param scratch directory for a large one
   * @param first reads it to the end once
   * @throws Corrupt when the object is damaged or is not what its name says
   */
  static SpooledObject fetch(
      ReplicaClient client, ObjectInfo object, Path scratch, VerifiedBy first) throws IOException {
    String name = object.name().toString();
    try (InputStream in = new ResumingStream(client, object, 0, object.sizeBytes(), n -> {})) {
      if (object.sizeBytes() <= IN_MEMORY_BYTES) {
        ByteArrayOutputStream memory = new ByteArrayOutputStream((int) object.sizeBytes());
        in.transferTo(memory);
        return new SpooledObject(name, memory.toByteArray(), null, first);
      }
      FileChannel file = openUnlinked(scratch);
      try {
        OutputStream out = Channels.newOutputStream(file);
        in.transferTo(out);
        return new SpooledObject(name, new byte[0], file, first);
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
    }
  }

  private static FileChannel openUnlinked(Path scratch) throws IOException {
    Path path = Files.createTempFile(scratch, ".tidewal-", ".spool");
    try {
      return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(path);
    }
  }

  /** From the start. Only one at a time. */
  LtxReader reader() throws IOException {
    if (file == null) {
      return new LtxReader(new ByteArrayInputStream(bytes), name);
    }
    file.position(0);
    InputStream kept =
        new BufferedInputStream(Channels.newInputStream(file), 1 << 16) {
          @Override
          public void close() {
            // The file is read again.
          }
        };
    return new LtxReader(kept, name);
  }

  LtxSummary summary() {
    return summary;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
