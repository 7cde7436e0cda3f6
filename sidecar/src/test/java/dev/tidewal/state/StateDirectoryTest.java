package dev.tidewal.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
  @TempDir Path directory;
  private Path database;

  @BeforeEach
  void createDatabase() throws IOException {
    database = Files.writeString(directory.resolve("app.db"), "");
  }

  @Test
  void liesBesideTheDatabase() throws IOException {
    try (StateDirectory state = open()) {
      assertThat(state.directory().getFileName()).hasToString(".app.db-tidewal");
      assertThat(state.directory().getParent()).isEqualTo(directory.toRealPath());
      assertThat(state.spool()).isDirectory();
    }
  }

  @Test
  void liesBesideTheFileThatALinkPointsTo() throws IOException {
    Path other = Files.createDirectory(directory.resolve("other"));
    Path link = Files.createSymbolicLink(other.resolve("link.db"), database);

    assertThat(StateDirectory.locate(link, Optional.empty()))
        .isEqualTo(StateDirectory.locate(database, Optional.empty()));
  }

  @Test
  void databasesOfOneNameDoNotMeetInAConfiguredDirectory() throws IOException {
    Path other = Files.createDirectory(directory.resolve("other")).resolve("app.db");
    Optional<Path> configured = Optional.of(directory.resolve("states"));

    assertThat(StateDirectory.locate(database, configured))
        .isNotEqualTo(StateDirectory.locate(other, configured))
        .isEqualTo(StateDirectory.locate(directory.resolve("x/../app.db"), configured));
  }

  @Test
  void everythingStoredIsThereAfterReopening() throws IOException {
    String tried;
    try (StateDirectory state = open()) {
      state.acknowledge(States.at(7));
      state.backfilledThrough(new Txid(7));
      tried = state.newOwner();
      state.markFenced(new FencedMark("pod-1", "another owner\nhas it", Instant.EPOCH));
      state.recordDropped(new Dropped(new Txid(7), Instant.EPOCH));
      state.recordConverted();
    }

    try (StateDirectory state = open()) {
      assertThat(state.acknowledged()).contains(States.at(7).backfilledThrough(new Txid(7)));
      assertThat(state.acknowledged().orElseThrow().allBackfilled()).isTrue();
      assertThat(state.isOwn(tried)).isTrue();
      assertThat(state.isOwn(States.at(7).owner())).isTrue();
      assertThat(state.fenced())
          .contains(new FencedMark("pod-1", "another owner\nhas it", Instant.EPOCH));
      assertThat(state.dropped()).contains(new Dropped(new Txid(7), Instant.EPOCH));
      assertThat(state.convertedByUs()).isTrue();
    }
  }

  @Test
  void everyClaimThatWasTriedIsOursUntilTheNextAcknowledgement() throws IOException {
    String first;
    String second;
    try (StateDirectory state = open()) {
      first = state.newOwner();
    }
    try (StateDirectory state = open()) {
      second = state.newOwner();
      assertThat(first).hasSize(32).isNotEqualTo(second);
      assertThat(state.isOwn(first)).isTrue();
      assertThat(state.isOwn(second)).isTrue();

      state.acknowledge(States.at(3, second));

      assertThat(state.isOwn(first)).isFalse();
      assertThat(state.isOwn(second)).isTrue();
    }
  }

  /** An upload that hung meets the claim of the run after its own: that is no other owner. */
  @Test
  void whoComesLateAfterTheCloseMarksNothing() throws IOException {
    StateDirectory old = open();
    old.acknowledge(States.at(7));
    old.close();

    try (StateDirectory _ = open()) {
      assertThatThrownBy(() -> old.markFenced(new FencedMark("pod-1", "late", Instant.EPOCH)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("closed");
      assertThatThrownBy(() -> old.newOwner()).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> old.acknowledge(States.at(8))).isInstanceOf(IOException.class);
    }

    try (StateDirectory again = open()) {
      assertThat(again.fenced()).isEmpty();
      assertThat(again.acknowledged()).contains(States.at(7));
    }
  }

  @Test
  void aFencedMarkBindsItsPodOnly() {
    FencedMark mark = new FencedMark("pod-1", "", Instant.EPOCH);

    assertThat(mark.bindsPod("pod-1")).isTrue();
    assertThat(mark.bindsPod("pod-2")).isFalse();
    assertThat(new FencedMark("", "", Instant.EPOCH).bindsPod("")).isFalse();
  }

  @Test
  void aSecondOneInThisProcessIsRefusedAndTheFirstKeepsItsLock() throws Exception {
    try (StateDirectory state = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(TidewalException.Refused.class)
          .hasMessageContaining("app.db is already being replicated by this process");
      Process other = LockHolder.start(state.directory().resolve("lock"));
      assertThat(other.inputReader().readLine()).isEqualTo("refused");
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void aSecondProcessIsRefusedByPid() throws Exception {
    Path lockFile;
    try (StateDirectory state = open()) {
      lockFile = state.directory().resolve("lock");
    }
    Process holder = LockHolder.start(lockFile);
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");

      assertThatThrownBy(this::open)
          .isInstanceOf(TidewalException.Refused.class)
          .hasMessageContaining("pid " + holder.pid());
    } finally {
      holder.destroyForcibly().waitFor();
    }
    open().close();
  }

  @Test
  void unreadableStateIsKeptAsideAndRemembered() throws IOException {
    try (StateDirectory state = open()) {
      state.acknowledge(States.at(1));
    }
    Path file = StateDirectory.locate(database, Optional.empty()).resolve("acknowledged");
    Files.writeString(file, "garbage", StandardCharsets.UTF_8);

    try (StateDirectory state = open()) {
      assertThat(state.acknowledged()).isEmpty();
      assertThat(Files.readString(state.lostState().orElseThrow())).isEqualTo("garbage");
    }
    try (StateDirectory state = open()) {
      assertThat(state.lostState()).isPresent();
      state.acknowledge(States.at(2));
      assertThat(state.lostState()).isEmpty();
    }
  }

  @Test
  void resetForgetsAllButSpoolAndBranches() throws IOException {
    try (StateDirectory state = open()) {
      state.acknowledge(States.at(1));
      state.newOwner();
      state.markFenced(new FencedMark("pod", "", Instant.EPOCH));
      Files.writeString(state.spool().resolve("1"), "unsent");

      state.reset();

      assertThat(state.acknowledged()).isEmpty();
      assertThat(state.isOwn(States.at(1).owner())).isFalse();
    }
    try (StateDirectory state = open()) {
      assertThat(state.acknowledged()).isEmpty();
      assertThat(state.lostState()).isEmpty();
      assertThat(state.fenced()).isEmpty();
      assertThat(state.spool().resolve("1")).exists();
    }
  }

  private StateDirectory open() throws IOException {
    return StateDirectory.open(database, Optional.empty());
  }
}
