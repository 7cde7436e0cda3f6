package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.database.Diagnosis.Facts;
import dev.tidewal.database.Finding.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosisTest {
  private static final DatabaseLook.Database GOOD =
      new DatabaseLook.Database(4096, true, 10, 3_051_003);

  @TempDir Path directory;

  @Test
  void aHealthyDatabaseHasNoFindings() {
    assertThat(Diagnosis.of(facts(GOOD, "ext4"))).isEmpty();
  }

  @Test
  void anOldSqliteOfTheLastWriterIsNamedWithItsVersion() {
    var old = new DatabaseLook.Database(4096, true, 10, 3_045_001);

    assertThat(Diagnosis.of(facts(old, "ext4")))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.kind()).isEqualTo(Kind.OLD_SQLITE);
          assertThat(finding.sentence()).contains("3.45.1");
          assertThat(finding.cure()).contains("3.51.3");
        });
  }

  @Test
  void volumesWithoutSharedMemoryAreNamed() {
    assertThat(kinds(facts(GOOD, "nfs4"))).containsExactly(Kind.NETWORK_VOLUME);
    assertThat(kinds(facts(GOOD, "fuse.sshfs"))).containsExactly(Kind.NETWORK_VOLUME);
    assertThat(kinds(facts(GOOD, "overlay"))).containsExactly(Kind.OVERLAY_VOLUME);
  }

  @Test
  void rollbackModeIsNamed() {
    var rollback = new DatabaseLook.Database(4096, false, 10, 0);

    assertThat(kinds(facts(rollback, "xfs"))).containsExactly(Kind.NOT_WAL);
  }

  @Test
  void whatHoldsAWalIsNamed() {
    assertThat(kinds(facts(health(WalHealth.State.HELD_BY_READER, 500 << 20, 500 << 20))))
        .containsExactly(Kind.ENDLESS_READER);
    assertThat(kinds(facts(health(WalHealth.State.SEALED, 0, 500 << 20))))
        .containsExactly(Kind.LARGE_WAL_FILE);
  }

  @Test
  void whoLocksEverybodyOutAndWhoRewritesEverythingIsNamed() {
    Facts facts = new Facts(GOOD, "ext4", true, Optional.empty(), true, List.of());

    assertThat(kinds(facts)).containsExactly(Kind.EXCLUSIVE_APPLICATION, Kind.DATABASE_REWRITTEN);
  }

  @Test
  void theProcessOfAReaderIsNamed() throws Exception {
    Path database = directory.resolve("app.db");
    try (Application application = Application.withTable(database)) {
      application.insert(20, 100);
      try (Following _ = Following.from(database)) {
        assertThat(WalReaders.of(database)).isEmpty();
        application.insert(20, 100);
        application.open("reader", 100);
        application.hold("reader", "select * from t");

        assertThat(WalReaders.of(database)).singleElement().asString().startsWith("java, process ");
      }
    }
  }

  @Test
  void theManualHasEveryFindingWithItsCure() throws Exception {
    String manual = Files.readString(Path.of("../docs/operations.md"));

    for (Kind kind : Kind.values()) {
      assertThat(manual).contains("| `" + new Finding(kind, "").code() + "` |");
      assertThat(manual).contains("| " + kind.cure() + " |");
    }
  }

  @Test
  void aVacuumIsARewrite() throws Exception {
    Path database = directory.resolve("app.db");
    try (Application application = Application.withTable(database)) {
      application.insert(2000, 3000);
      try (Following following = Following.from(database)) {
        application.insert(1, 10);
        Capture small = following.live.capture(Following.ANY).orElseThrow();
        following.take(small);
        application.sql("vacuum");
        Capture vacuum = following.live.capture(Following.ANY).orElseThrow();

        assertThat(Diagnosis.isRewrite(small)).isFalse();
        assertThat(Diagnosis.isRewrite(vacuum)).isTrue();
      }
    }
  }

  @Test
  void aRealDatabaseIsLookedAt() throws Exception {
    Path database = directory.resolve("app.db");
    assertThat(Diagnosis.look(database, Optional.empty(), false, false)).isEmpty();
    try (Application application = Application.start(database)) {
      application.open("main", 100);
      application.sql("create table t(x)");

      assertThat(Diagnosis.look(database, Optional.empty(), false, false))
          .extracting(Finding::kind)
          .contains(Kind.NOT_WAL);
    }
  }

  private static Facts facts(DatabaseLook.Database look, String fileSystem) {
    return new Facts(look, fileSystem, false, Optional.empty(), false, List.of());
  }

  private static Facts facts(WalHealth health) {
    return new Facts(GOOD, "ext4", false, Optional.of(health), false, List.of());
  }

  private static WalHealth health(WalHealth.State state, long inUse, long file) {
    return new WalHealth(state, inUse, file, 0, false, Duration.ofMinutes(1), Optional.empty());
  }

  private static List<Kind> kinds(Facts facts) {
    return Diagnosis.of(facts).stream().map(Finding::kind).toList();
  }
}
