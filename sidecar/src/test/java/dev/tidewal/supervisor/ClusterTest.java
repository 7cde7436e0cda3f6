package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.core.Txid;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {
  @TempDir private Path directory;

  @Test
  void batchesAndWhatIsMadeOfThemNameTheirCluster() throws Exception {
    try (Rig rig =
        new Rig(new Volume(directory), directory.resolve("replica"), "levels: 1s").start()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            rig.commit(1, 100);
            return !objects(rig.replica, 1).isEmpty();
          });

      for (int level = 0; level <= 1; level++) {
        assertThat(objects(rig.replica, level))
            .isNotEmpty()
            .allSatisfy(object -> assertThat(object.metadata().cluster()).contains(Volume.CLUSTER));
      }
    }
  }

  private static List<ObjectInfo> objects(Path replica, int level) {
    List<ObjectInfo> objects = new ArrayList<>();
    new FileReplicaClient(replica).list(level, Txid.ZERO, true).forEachRemaining(objects::add);
    return objects;
  }
}
