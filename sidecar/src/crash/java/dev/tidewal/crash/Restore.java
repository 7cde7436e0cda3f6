package dev.tidewal.crash;

import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import java.io.IOException;
import java.nio.file.Path;

/** Restores a file replica in this process. */
final class Restore {
  private Restore() {}

  static void latest(Path replica, Path output) throws IOException {
    try (ReplicaClient client = new FileReplicaClient(replica)) {
      new Restorer(client, RestoreOptions.DEFAULT, RestoreListener.NONE)
          .restore(RestoreTarget.LATEST, output);
    }
  }
}
