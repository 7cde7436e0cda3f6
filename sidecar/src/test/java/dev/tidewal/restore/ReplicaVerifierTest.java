package dev.tidewal.restore;

import static dev.tidewal.restore.History.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaVerifierTest {
  @TempDir Path directory;
  private FaultyReplicaClient replica;
  private History history;

  @BeforeEach
  void open() {
    replica = new FaultyReplicaClient(new FileReplicaClient(directory));
    history = History.random(new Random(6), 8);
    LtxName snapshot = LtxName.snapshot(new Txid(3));
    history.store(replica, LtxName.batch(Txid.FIRST));
    history.store(replica, snapshot, history.withChecksum(snapshot.max()));
    history.store(replica, name(1, 4, 6));
    history.storeBatches(replica, 4, 8);
  }

  @AfterEach
  void close() {
    replica.close();
  }

  @Test
  void anIntactReplicaIsGoodAndItsSnapshotsMeetTheirChecksum() {
    VerifyReport report = verifier().everything();

    assertThat(report.isGood()).isTrue();
    assertThat(report.objects()).hasSize(8);
    assertThat(report.objects())
        .filteredOn(verdict -> verdict instanceof ObjectVerdict.Intact i && i.checksumCompared())
        .hasSize(1);
  }

  @Test
  void aDamagedObjectIsNamedAlsoWhenARestoreCouldDoWithoutIt() {
    replica.on(Operation.OPEN).key(name(0, 5, 5)).flipByte(140);

    VerifyReport report = verifier().everything();

    assertThat(report.isGood()).isFalse();
    assertThat(report.latest()).isInstanceOf(PlanResult.Ready.class);
    assertThat(report.objects())
        .filteredOn(verdict -> verdict.defect().isPresent())
        .extracting(verdict -> verdict.object().name())
        .containsExactly(name(0, 5, 5));
  }

  @Test
  void aGapIsNamed() {
    replica.delete(List.of(name(0, 7, 7)));

    assertThat(verifier().everything().latest())
        .isInstanceOfSatisfying(
            PlanResult.Gap.class, gap -> assertThat(gap.missing().from()).isEqualTo(new Txid(7)));
  }

  @Test
  void aSnapshotOfAnotherHistoryDoesNotMeetTheRecordedChecksum() {
    History other = History.random(new Random(9), 8);
    LtxName snapshot = LtxName.snapshot(new Txid(3));
    other.store(replica, snapshot, history.withChecksum(snapshot.max()));

    assertThat(verifier().everything().objects())
        .filteredOn(verdict -> verdict.defect().isPresent())
        .extracting(verdict -> verdict.object().name())
        .containsExactly(snapshot);
  }

  @Test
  void onlyWhatARestoreReadsIsReadWhenAsked() {
    VerifyReport report = verifier().plan(RestoreTarget.LATEST);

    assertThat(report.objects())
        .extracting(verdict -> verdict.object().name())
        .containsExactly(
            LtxName.snapshot(new Txid(3)), name(1, 4, 6), name(0, 7, 7), name(0, 8, 8));
  }

  private ReplicaVerifier verifier() {
    return new ReplicaVerifier(replica, 4, RestoreListener.NONE);
  }
}
