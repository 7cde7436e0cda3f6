package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import dev.tidewal.testing.FaultyReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decorators keep the contract, and do what they are there for. */
final class DecoratorsTest {
  private static final LtxName NAME = LtxName.batch(Txid.FIRST);

  @TempDir Path root;

  /** The contract around a file store. */
  abstract class Decorated extends ReplicaClientContract {
    abstract ReplicaClient decorate(ReplicaClient delegate);

    @Override
    int manyFiles() {
      return 30;
    }

    @Override
    ReplicaClient openEmpty() {
      return decorate(new FileReplicaClient(root));
    }

    @Override
    void putStranger(String relativeKey) throws IOException {
      Path stranger = root.resolve(relativeKey);
      Files.createDirectories(stranger.resolveSibling("."));
      Files.writeString(stranger, "not ours");
    }

    @Override
    boolean strangerExists(String relativeKey) {
      return Files.exists(root.resolve(relativeKey));
    }

    @Override
    String strangerInLevelZero() {
      return "ltx/0/notes.txt";
    }
  }

  @Nested
  final class Metered extends Decorated {
    @Override
    ReplicaClient decorate(ReplicaClient delegate) {
      return new MeteredReplicaClient(delegate, RequestObserver.NONE);
    }
  }

  @Nested
  final class Throttled extends Decorated {
    @Override
    ReplicaClient decorate(ReplicaClient delegate) {
      return new ThrottledReplicaClient(
          delegate,
          new TrafficLimit(Optional.of(ByteSize.ofMebibytes(10_000)), OptionalLong.of(1_000_000)));
    }
  }

  @Nested
  final class Faulty extends Decorated {
    @Override
    ReplicaClient decorate(ReplicaClient delegate) {
      return new FaultyReplicaClient(delegate);
    }
  }

  @Test
  void everyOperationIsMetered() throws IOException {
    List<String> observed = new ArrayList<>();
    ReplicaClient client =
        new MeteredReplicaClient(
            new FileReplicaClient(root),
            (operation, code, duration, bytes) ->
                observed.add(operation + " " + code + " " + bytes));

    client.write(NAME, ObjectMetadata.UNKNOWN, WriteMode.CREATE, 9, out -> out.write(new byte[9]));
    assertThatThrownBy(() ->
            client.write(NAME, ObjectMetadata.UNKNOWN, WriteMode.CREATE, 1, out -> out.write(1)))
        .isInstanceOf(TidewalException.PreconditionFailed.class);
    try (InputStream in = client.open(NAME, 2, 0)) {
      in.readAllBytes();
    }
    assertThatThrownBy(() -> client.stat(LtxName.batch(new Txid(2))))
        .isInstanceOf(TidewalException.NotFound.class);
    client.delete(List.of(NAME));

    assertThat(observed)
        .containsExactly("write ok 9", "write 412 0", "read ok 7", "stat 404 0", "delete ok 0");
  }

  @Test
  void aWaitForTheLimitIsCancelled() {
    ReplicaClient client =
        new ThrottledReplicaClient(
            new FileReplicaClient(root),
            new TrafficLimit(Optional.of(new ByteSize(10)), OptionalLong.empty()));

    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() ->
              client.write(
                  NAME,
                  ObjectMetadata.UNKNOWN,
                  WriteMode.CREATE,
                  1_000_000,
                  out -> out.write(new byte[1_000_000])))
          .isInstanceOf(TidewalException.Cancelled.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
