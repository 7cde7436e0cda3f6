package dev.tidewal.compact;

import dev.tidewal.ltx.LtxReader;
import dev.tidewal.replica.ReplicaClient;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The inputs of one attempt of a merge, open. Small ones are read at once, so that only large ones
 * hold a connection.
 */
final class MergeInputs implements Closeable {
  private final List<LtxReader> readers = new ArrayList<>();

  private MergeInputs() {}

  /** Opens all, and reads their headers. */
  static MergeInputs open(ReplicaClient client, List<LevelObject> objects) throws IOException {
    MergeInputs inputs = new MergeInputs();
    try {
      for (LevelObject object : objects) {
        inputs.readers.add(new LtxReader(input(client, object), object.name().toString()));
      }
      return inputs;
    } catch (IOException | RuntimeException e) {
      inputs.closeAfter(e);
      throw e;
    }
  }

  /** Oldest first. */
  List<LtxReader> readers() {
    return readers;
  }

  private static InputStream input(ReplicaClient client, LevelObject object) throws IOException {
    ResumedInput whole = new ResumedInput(client, object);
    if (!MergeMemory.isSmall(object)) {
      return whole;
    }
    try (whole) {
      return new ByteArrayInputStream(whole.readAllBytes());
    }
  }

  private void closeAfter(Exception reason) {
    try {
      close();
    } catch (IOException | RuntimeException e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    IOException first = null;
    for (LtxReader reader : readers) {
      try {
        reader.close();
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
