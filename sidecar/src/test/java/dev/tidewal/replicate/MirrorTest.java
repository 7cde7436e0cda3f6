package dev.tidewal.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.Fencing;
import dev.tidewal.fence.RootMarker;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorTest {
  @TempDir private Path directory;
  private ReplicaClient first = new FileReplicaClient(Path.of(""));
  private ReplicaClient second = new FileReplicaClient(Path.of(""));

  @BeforeEach
  void open() {
    first = new FileReplicaClient(directory.resolve("first"));
    second = new FileReplicaClient(directory.resolve("second"));
  }

  @Test
  void copiesOnlyWhatTheFirstAcknowledged() throws IOException {
    for (long txid = 1; txid <= 3; txid++) {
      put(first, LtxName.batch(new Txid(txid)), "batch " + txid);
    }

    Mirror mirror = Mirror.open(first, second, new Txid(2), object -> {});
    mirror.bringTo(new Txid(2));

    assertThat(mirror.position()).isEqualTo(new Txid(2));
    assertThat(get(second, LtxName.batch(new Txid(2))))
        .isEqualTo("batch 2 padded to be long enough");
    assertThatThrownBy(() -> second.stat(LtxName.batch(new Txid(3))))
        .isInstanceOf(TidewalException.NotFound.class);
  }

  @Test
  void aBatchThatLeftTheFirstIsReplacedByTheObjectThatCoversIt() throws IOException {
    put(first, LtxName.batch(new Txid(1)), "batch 1");
    LtxName compacted = new LtxName(1, new Txid(2), new Txid(5));
    put(first, compacted, "two to five");
    put(first, LtxName.batch(new Txid(6)), "batch 6");

    Mirror mirror = Mirror.open(first, second, new Txid(6), object -> {});
    mirror.bringTo(new Txid(6));

    assertThat(get(second, compacted)).startsWith("two to five");
    assertThat(mirror.position()).isEqualTo(new Txid(6));
  }

  @Test
  void aFirstThatWasBegunAnewIsNoContinuation() {
    empty(second, new Txid(2), 0x8000_0000_0000_0002L);
    empty(first, new Txid(3), 0x8000_0000_0000_0003L);

    Mirror mirror = Mirror.open(first, second, new Txid(3), object -> {});

    assertThatThrownBy(() -> mirror.bringTo(new Txid(3)))
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("begun anew after 0000000000000002");
    assertThat(mirror.position()).isEqualTo(new Txid(2));
  }

  @Test
  void aClaimIsAContinuation() throws IOException {
    empty(second, new Txid(2), 0x8000_0000_0000_0002L);
    empty(first, new Txid(3), 0x8000_0000_0000_0002L);

    Mirror mirror = Mirror.open(first, second, new Txid(3), object -> {});
    mirror.bringTo(new Txid(3));

    assertThat(mirror.position()).isEqualTo(new Txid(3));
  }

  @Test
  void wherePositionsHaveNoChecksumNothingSaysThatNothingHappened() {
    put(second, LtxName.batch(new Txid(1)), "batch 1");
    LtxName nothing = new LtxName(1, new Txid(2), new Txid(5));
    first.write(
        nothing,
        ObjectMetadata.at(Instant.EPOCH),
        WriteMode.CREATE,
        131,
        out -> out.write(new byte[131]));

    Mirror mirror = Mirror.open(first, second, new Txid(5), object -> {});

    assertThatThrownBy(() -> mirror.bringTo(new Txid(5)))
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("begun anew after 0000000000000001");
  }

  /** An object of the size that one without pages has. */
  private static void empty(ReplicaClient client, Txid txid, long checksum) {
    byte[] bytes = new byte[131];
    ObjectMetadata metadata =
        new ObjectMetadata(
            Optional.of(Instant.EPOCH),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.of(checksum),
            OptionalLong.empty());
    client.write(
        LtxName.batch(txid), metadata, WriteMode.CREATE, bytes.length, out -> out.write(bytes));
  }

  @Test
  void aMirrorBeyondTheFirstIsDiverged() throws IOException {
    put(second, LtxName.batch(new Txid(9)), "beyond");

    assertThatThrownBy(() -> Mirror.open(first, second, new Txid(8), object -> {}))
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("Diverged");
  }

  @Test
  void aMirrorOfAnotherHistoryIsDiverged() throws IOException {
    put(first, LtxName.batch(new Txid(1)), "ours");
    put(second, LtxName.batch(new Txid(1)), "other");

    assertThatThrownBy(() -> Mirror.open(first, second, new Txid(1), object -> {}))
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("not the first destination's");
  }

  @Test
  void aCopyOfTheSameReplicaIsGoneOnWith() throws IOException {
    mark(first, "a");
    put(first, LtxName.batch(new Txid(1)), "batch");
    Mirror.open(first, second, new Txid(1), object -> {}).bringTo(new Txid(1));

    assertThat(Mirror.open(first, second, new Txid(1), object -> {}).position())
        .isEqualTo(new Txid(1));
  }

  @Test
  void aCopyOfAnotherReplicaIsDiverged() throws IOException {
    mark(first, "a");
    Mirror.open(first, second, new Txid(1), object -> {});
    mark(first, "b");

    assertThatThrownBy(() -> Mirror.open(first, second, new Txid(1), object -> {}))
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("another replica");
  }

  @Test
  void aReplicaThatAnotherDatabaseWroteToItselfIsDiverged() {
    mark(first, "a");
    mark(second, "b");

    assertThatThrownBy(() -> Mirror.open(first, second, new Txid(1), object -> {}))
        .isInstanceOf(TidewalException.Refused.class)
        .hasMessageContaining("another replica");
  }

  private static void mark(ReplicaClient client, String databaseId) {
    RootMarker marker = new RootMarker(databaseId, "", Fencing.CONDITIONAL_CREATE, "test");
    client.writeDocument(RootMarker.NAME, marker.toJson(), WriteMode.REPLACE);
  }

  @Test
  void anInterruptedCopyIsContinued() throws IOException {
    for (Txid txid : List.of(new Txid(1), new Txid(2))) {
      put(first, LtxName.batch(txid), "batch");
    }
    put(second, LtxName.batch(new Txid(1)), "batch");

    Mirror mirror = Mirror.open(first, second, new Txid(2), object -> {});
    mirror.bringTo(new Txid(2));

    assertThat(get(second, LtxName.batch(new Txid(2)))).startsWith("batch");
  }

  @Test
  void aSnapshotIsCopiedOnceForACompactionThatNeedsIt() throws IOException {
    put(first, LtxName.batch(new Txid(1)), "batch 1");
    put(first, LtxName.batch(new Txid(2)), "batch 2");
    put(first, LtxName.snapshot(new Txid(1)), "snapshot 1");
    put(first, LtxName.snapshot(new Txid(2)), "snapshot 2");
    put(first, LtxName.snapshot(new Txid(3)), "snapshot 3");
    List<LtxName> told = new ArrayList<>();
    Mirror mirror = Mirror.open(first, second, new Txid(2), object -> told.add(object.name()));
    mirror.bringTo(new Txid(2));

    assertThat(mirror.copySnapshot()).isTrue();
    assertThat(mirror.copySnapshot()).isFalse();

    assertThat(told)
        .containsExactly(
            LtxName.batch(new Txid(1)), LtxName.batch(new Txid(2)), LtxName.snapshot(new Txid(2)));
    assertThat(get(second, LtxName.snapshot(new Txid(2)))).startsWith("snapshot 2");
  }

  private static void put(ReplicaClient client, LtxName name, String content) {
    byte[] bytes = (content + " padded to be long enough").getBytes(StandardCharsets.UTF_8);
    client.write(
        name,
        ObjectMetadata.at(Instant.EPOCH),
        WriteMode.CREATE,
        bytes.length,
        out -> out.write(bytes));
  }

  private static String get(ReplicaClient client, LtxName name) throws IOException {
    try (InputStream in = client.open(name, 0, 0)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
