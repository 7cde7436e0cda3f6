package dev.tidewal.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.core.Txid;
import dev.tidewal.legacy.Generation;
import dev.tidewal.legacy.GenerationStore;
import dev.tidewal.legacy.GenerationTarget;
import dev.tidewal.legacy.WalSegment;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores hand-made replicas in the layout of Litestream 0.3. */
class GenerationRestorerTest {
  private static final String GENERATION = "0123456789abcdef";
  private static final Instant BEGIN = Instant.parse("2024-05-01T10:00:00Z");

  @TempDir Path directory;
  private Path output;
  private Path replica;

  /** Whole database files after each commit. */
  private final List<byte[]> states = new ArrayList<>();

  /** The segments in their order. */
  private final List<Path> segments = new ArrayList<>();

  @BeforeEach
  void writeReplica() throws Exception {
    output = directory.resolve("out/app.db");
    replica = directory.resolve("replica");
    Path file = directory.resolve("app.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA journal_mode=WAL");
      sql.execute("PRAGMA wal_autocheckpoint=0");
      sql.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v)");
      for (int index = 0; index < 3; index++) {
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        if (index == 0) {
          store(Files.readAllBytes(file), "snapshots/00000000.snapshot.lz4");
        }
        writeWal(file, sql, index);
      }
    }
  }

  private void writeWal(Path file, Statement sql, int index) throws SQLException, IOException {
    Path wal = file.resolveSibling("app.db-wal");
    int from = 0;
    for (int commit = 0; commit < 4; commit++) {
      sql.execute(
          commit == 3
              ? "DELETE FROM t WHERE id % 3 = 0"
              : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)"
                  + " INSERT INTO t SELECT NULL, randomblob(700) FROM n");
      byte[] bytes = Files.readAllBytes(wal);
      String name = String.format("wal/%08x_%08x.wal.lz4", index, from);
      segments.add(store(Arrays.copyOfRange(bytes, from, bytes.length), name));
      from = bytes.length;
      states.add(checkpointed(file));
    }
  }

  /** What a checkpoint of a copy makes of database and WAL. */
  private byte[] checkpointed(Path file) throws SQLException, IOException {
    Path copy = directory.resolve("copy.db");
    Files.write(copy, Files.readAllBytes(file));
    Files.write(
        directory.resolve("copy.db-wal"), Files.readAllBytes(file.resolveSibling("app.db-wal")));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    return Files.readAllBytes(copy);
  }

  private Path store(byte[] content, String name) throws IOException {
    Path path = replica.resolve("generations/" + GENERATION + "/" + name);
    Files.createDirectories(path.getParent());
    try (OutputStream out = new LZ4FrameOutputStream(Files.newOutputStream(path))) {
      out.write(content);
    }
    Files.setLastModifiedTime(path, FileTime.from(timeOf(segments.size())));
    return path;
  }

  /** Objects are stored a second apart; the snapshot with the first segment. */
  private static Instant timeOf(int object) {
    return BEGIN.plusSeconds(object);
  }

  @Test
  void latestHasTheBytesThatSqliteWouldHaveWritten() throws IOException {
    restore(new GenerationTarget.Latest());

    assertThat(output).hasBinaryContent(states.getLast());
  }

  @Test
  void everyMomentIsTheStateOfItsLastSegment() throws IOException {
    for (int segment = 1; segment <= segments.size(); segment++) {
      restore(new GenerationTarget.AtTime(timeOf(segment - 1).plusMillis(999)));
      assertThat(output).hasBinaryContent(states.get(segment - 1));
      Files.delete(output);
    }
  }

  @Test
  void anIndexIsTheStateAfterItsWholeWal() throws IOException {
    restore(new GenerationTarget.AtIndex(GENERATION, 1));

    assertThat(output).hasBinaryContent(states.get(7));
  }

  @Test
  void aSnapshotAloneIsEnough() throws IOException {
    for (Path segment : segments) {
      Files.delete(segment);
    }

    GenerationRestorer.Report report = restore(new GenerationTarget.Latest());

    assertThat(report.plan().segments()).isEmpty();
    assertThat(output).hasSize(report.databaseBytes());
  }

  @Test
  void withoutAnyOneSegmentTheGapIsNamed() throws IOException {
    for (Path segment : segments.subList(0, segments.size() - 1)) {
      byte[] bytes = Files.readAllBytes(segment);
      Files.delete(segment);
      // The last one of a WAL leaves a shorter one, which only its successor could miss.
      boolean lastOfWal = (segments.indexOf(segment) + 1) % 4 == 0;
      if (!lastOfWal) {
        assertThatThrownBy(() -> restore(new GenerationTarget.Latest()))
            .as("without " + segment)
            .isInstanceOf(Refused.class);
        assertThat(output).doesNotExist();
      }
      Files.write(segment, bytes);
    }
  }

  @Test
  void aLaterGenerationThatLostItsSnapshotIsNotPassedOverInSilence() throws IOException {
    Path later = replica.resolve("generations/fedcba9876543210/wal/00000000_00000000.wal.lz4");
    Files.createDirectories(later.getParent());
    Files.copy(segments.getFirst(), later);
    Files.setLastModifiedTime(later, FileTime.from(timeOf(1000)));

    assertThatThrownBy(() -> restore(new GenerationTarget.Latest()))
        .isInstanceOf(Refused.class)
        .hasMessageContainingAll("fedcba9876543210", "--generation " + GENERATION);
    restore(new GenerationTarget.InGeneration(GENERATION));

    assertThat(output).hasBinaryContent(states.getLast());
  }

  @Test
  void anEmptySnapshotIsNoDatabase() throws IOException {
    for (Path segment : segments) {
      Files.delete(segment);
    }
    store(new byte[0], "snapshots/00000000.snapshot.lz4");

    assertThatThrownBy(() -> restore(new GenerationTarget.Latest())).isInstanceOf(Corrupt.class);
    assertThat(output).doesNotExist();
  }

  @Test
  void aDamagedObjectIsNoticed() throws IOException {
    Random random = new Random(4);
    List<Path> objects = new ArrayList<>(segments);
    objects.add(replica.resolve("generations/" + GENERATION + "/snapshots/00000000.snapshot.lz4"));
    for (Path object : objects) {
      byte[] bytes = Files.readAllBytes(object);
      byte[] broken = bytes.clone();
      broken[random.nextInt(8, broken.length)] ^= 0x10;
      for (byte[] damaged : List.of(broken, Arrays.copyOf(bytes, random.nextInt(bytes.length)))) {
        Files.write(object, damaged);
        assertThatThrownBy(() -> restore(new GenerationTarget.Latest()))
            .as("seed 4, " + object)
            .isInstanceOf(TidewalException.class);
        assertThat(output).doesNotExist();
      }
      Files.write(object, bytes);
    }
  }

  @Test
  void aFrameThatSqliteWouldStopAtIsNotTakenForTheEnd() throws IOException {
    byte[] frames = content(segments.getLast());
    frames[200] ^= 1;
    store(frames, "wal/" + segments.getLast().getFileName());

    assertThatThrownBy(() -> restore(new GenerationTarget.Latest()))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("is not valid");
  }

  @Test
  void segmentsThatOverlapAreTakenWhereTheyAgree() throws IOException {
    byte[] last = content(segments.getLast());
    byte[] before = content(segments.get(segments.size() - 2));
    byte[] both = Arrays.copyOf(before, before.length + last.length / 2);
    System.arraycopy(last, 0, both, before.length, last.length / 2);
    String name = "wal/" + segments.get(segments.size() - 2).getFileName();
    store(both, name);

    restore(new GenerationTarget.Latest());

    assertThat(output).hasBinaryContent(states.getLast());
    Files.delete(output);
    both[before.length + 100] ^= 1;
    store(both, name);
    assertThatThrownBy(() -> restore(new GenerationTarget.Latest()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("two writers");
  }

  private static byte[] content(Path segment) throws IOException {
    try (InputStream in = new LZ4FrameInputStream(Files.newInputStream(segment))) {
      return in.readAllBytes();
    }
  }

  @Test
  void encryptedObjectsAreToldApart() throws IOException {
    Files.writeString(segments.getFirst(), "age-encryption.org/v1\n-> X25519 abc\n");

    assertThatThrownBy(() -> restore(new GenerationTarget.Latest()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("encrypted with age");
  }

  @Test
  void theNewerFormatIsChosen() throws IOException {
    History history = History.random(new Random(1), 2);
    try (FileReplicaClient client = new FileReplicaClient(replica)) {
      assertThat(FormatChoice.of(client, RestoreTarget.LATEST)).isEqualTo(FormatChoice.GENERATIONS);

      history.store(client, LtxName.snapshot(new Txid(1)));

      assertThat(FormatChoice.of(client, RestoreTarget.LATEST)).isEqualTo(FormatChoice.LTX);
      assertThat(FormatChoice.of(client, new RestoreTarget.AtTime(timeOf(5))))
          .isEqualTo(FormatChoice.GENERATIONS);
      assertThat(FormatChoice.of(client, new RestoreTarget.AtTxid(new Txid(1))))
          .isEqualTo(FormatChoice.LTX);
    }
  }

  @Test
  void generationsThatACopyMadeYoungAreNotTakenForTheNewestState() throws IOException {
    History history = History.random(new Random(1), 2);
    try (FileReplicaClient client = new FileReplicaClient(replica)) {
      history.store(client, LtxName.snapshot(new Txid(1)));
      for (Path segment : segments) {
        Files.setLastModifiedTime(segment, FileTime.from(Instant.now()));
      }

      assertThatThrownBy(() -> FormatChoice.of(client, RestoreTarget.LATEST))
          .isInstanceOf(Refused.class)
          .hasMessageContainingAll("--txid 0000000000000001", "--generation");
    }
  }

  @Test
  void generationsThatWentOnAfterLtxAreChosen() {
    Instant end = Instant.parse("2026-05-01T10:00:00Z");
    ObjectInfo ltx =
        new ObjectInfo(
            LtxName.snapshot(new Txid(1)), 1000, end.plusSeconds(1), ObjectMetadata.at(end));
    WalSegment segment = new WalSegment(GENERATION, 0, 0, "key", 1000, end.plusSeconds(60));
    Generation later = new Generation(GENERATION, List.of(), List.of(segment));

    assertThat(FormatChoice.decide(List.of(ltx), List.of(later), RestoreTarget.LATEST))
        .isEqualTo(FormatChoice.GENERATIONS);
  }

  /** The batches of the last hour before a copy look as if they were none. */
  @Test
  void oneOldObjectTellsThatAReplicaWasCopied() {
    Instant copied = Instant.parse("2026-05-01T10:00:00Z");
    Instant recent = copied.minusSeconds(10);
    ObjectInfo old =
        new ObjectInfo(
            LtxName.snapshot(new Txid(1)),
            1000,
            copied,
            ObjectMetadata.at(copied.minusSeconds(7200)));
    ObjectInfo newest =
        new ObjectInfo(LtxName.batch(new Txid(2)), 1000, copied, ObjectMetadata.at(recent));
    WalSegment segment = new WalSegment(GENERATION, 0, 0, "key", 1000, copied.plusSeconds(5));
    Generation ancient = new Generation(GENERATION, List.of(), List.of(segment));

    assertThatThrownBy(
            () -> FormatChoice.decide(List.of(old, newest), List.of(ancient), RestoreTarget.LATEST))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("--txid 0000000000000002");
  }

  private GenerationRestorer.Report restore(GenerationTarget target) throws IOException {
    try (FileReplicaClient client = new FileReplicaClient(replica)) {
      GenerationStore store = new GenerationStore(client.browser().orElseThrow());
      return new GenerationRestorer(
              store,
              RestoreOptions.DEFAULT.withIntegrityCheck(IntegrityCheck.QUICK),
              RestoreListener.NONE)
          .restore(target, output);
    } finally {
      try (Stream<Path> files = Files.list(output.getParent())) {
        assertThat(files.filter(file -> !file.equals(output))).isEmpty();
      }
    }
  }
}
