package dev.tidewal.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FaultyReplicaClientTest {
  private static final LtxName ONE = LtxName.batch(Txid.FIRST);
  private static final LtxName TWO = LtxName.batch(new Txid(2));

  @TempDir Path root;
  private FaultyReplicaClient store;

  @BeforeEach
  void open() {
    store = new FaultyReplicaClient(new FileReplicaClient(root));
  }

  @Test
  void aFaultHoldsForItsCountAndKey() {
    store.on(Operation.WRITE).key(ONE).times(2).throttle();

    write(TWO);
    assertUnreachable(() -> write(ONE));
    assertUnreachable(() -> write(ONE));
    write(ONE);
    assertThat(store.count(Operation.WRITE)).isEqualTo(4);
  }

  @Test
  void aFaultCanComeLater() {
    store.on(Operation.STAT).after(1).unreachable();
    write(ONE);

    store.stat(ONE);
    assertUnreachable(() -> store.stat(ONE));
  }

  @Test
  void aRuleThatIsLiftedGivesWayToTheNext() {
    FaultyReplicaClient.Rule away = store.onAnything().unreachable();
    FaultyReplicaClient.Rule slow = store.on(Operation.WRITE).times(1).throttle();
    assertUnreachable(() -> write(ONE));
    assertThat(away.taken()).isEqualTo(1);

    away.lift();

    assertThat(slow.taken()).isZero();
    assertUnreachable(() -> write(ONE));
    assertThat(slow.taken()).isEqualTo(1);
    write(ONE);
  }

  @Test
  void aLostAnswerLeavesTheObject() {
    store.on(Operation.WRITE).times(1).loseAnswer();

    assertUnreachable(() -> write(ONE));

    assertThat(store.stat(ONE).sizeBytes()).isEqualTo(100);
  }

  @Test
  void aCutWriteLeavesNothing() {
    store.on(Operation.WRITE).cutAfter(50);

    assertUnreachable(() -> write(ONE));

    assertThatThrownBy(() -> store.stat(ONE)).isInstanceOf(TidewalException.NotFound.class);
  }

  @Test
  void aTruncatedWriteIsAPartThatLooksWhole() {
    store.on(Operation.WRITE).truncateTo(50);

    write(ONE);

    assertThat(store.stat(ONE).sizeBytes()).isEqualTo(50);
  }

  @Test
  void readsAreCutTruncatedAndFlipped() throws IOException {
    write(ONE);
    store.on(Operation.OPEN).times(1).cutAfter(50);
    assertUnreachable(() -> read(ONE));
    store.on(Operation.OPEN).times(1).truncateTo(50);
    assertThat(read(ONE)).hasSize(50);
    store.on(Operation.OPEN).times(1).flipByte(99);

    byte[] flipped = read(ONE);

    assertThat(flipped[99]).isNotZero();
    assertThat(flipped[98]).isZero();
    assertThat(read(ONE)).containsOnly(0);
  }

  @Test
  void aHangEndsByInterruptOrHealing() throws InterruptedException {
    store.onAnything().hang();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread interrupted = start(thrown);
    Thread healed = start(new AtomicReference<>());

    interrupted.interrupt();
    interrupted.join(Duration.ofSeconds(20));
    store.heal();
    healed.join(Duration.ofSeconds(20));

    assertThat(thrown.get()).isInstanceOf(TidewalException.Cancelled.class);
    assertThat(healed.isAlive()).isFalse();
    assertThat(store.list(0, Txid.ZERO, false)).toIterable().hasSize(1);
  }

  private Thread start(AtomicReference<Throwable> thrown) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            write(ONE);
          } catch (TidewalException e) {
            thrown.set(e);
          }
        });
  }

  private static void assertUnreachable(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(TidewalException.StoreUnreachable.class);
  }

  private void write(LtxName name) {
    store.write(
        name, ObjectMetadata.UNKNOWN, WriteMode.CREATE, 100, out -> out.write(new byte[100]));
  }

  private byte[] read(LtxName name) throws IOException {
    try (InputStream in = store.open(name, 0, 0)) {
      return in.readAllBytes();
    }
  }
}
