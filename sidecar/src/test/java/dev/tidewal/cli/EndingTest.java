package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.ExitCode;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.serve.FakeDatabases;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndingTest {
  private static final ReplicationStatus STOPPED = status(ReplicationState.STOPPED, "Stopped");
  private static final ReplicationStatus FENCED = status(ReplicationState.FENCED, "Fenced");
  private static final ReplicationStatus REFUSED = status(ReplicationState.REFUSED, "Diverged");

  @Test
  void allFencedIsEight() {
    assertThat(Ending.of(List.of(FENCED, FENCED))).isEqualTo(ExitCode.FENCED);
  }

  @Test
  void aRefusalIsToldByItsKind() {
    assertThat(Ending.of(List.of(STOPPED, REFUSED))).isEqualTo(ExitCode.REFUSED);
    assertThat(Ending.of(List.of(refused("Corrupt")))).isEqualTo(ExitCode.CORRUPT);
    assertThat(Ending.of(List.of(refused("Misconfigured")))).isEqualTo(ExitCode.USAGE);
    assertThat(Ending.of(List.of(refused("PermissionDenied")))).isEqualTo(ExitCode.PERMISSION);
  }

  @Test
  void aFinalSyncThatDidNotFinishIsToldToo() {
    assertThat(Ending.of(List.of(STOPPED))).isEqualTo(ExitCode.OK);
    assertThat(Ending.of(List.of(status(ReplicationState.STOPPED, "StoppedBehind"))))
        .isEqualTo(ExitCode.STORE_UNREACHABLE);
  }

  private static ReplicationStatus refused(String reason) {
    return status(ReplicationState.REFUSED, reason);
  }

  private static ReplicationStatus status(ReplicationState state, String reason) {
    return FakeDatabases.status("/data/app.db", state, reason, "");
  }
}
