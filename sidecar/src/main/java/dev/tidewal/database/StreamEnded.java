package dev.tidewal.database;

import java.io.IOException;
import java.nio.file.Path;

/** The stream ended, so nothing can be captured; {@link LiveDatabase#event} says why. */
final class StreamEnded extends IOException {
  private static final long serialVersionUID = 1;

  StreamEnded(Path path) {
    super(path + ": the database is not the one that was opened any more");
  }
}
