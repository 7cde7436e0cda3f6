package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient.Content;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must do. A subclass gives the store and the ways to look behind it. */
abstract class ReplicaClientContract {
  private static final Instant TIMESTAMP = Instant.parse("2026-11-20T10:00:00.123Z");
  private static final ObjectMetadata METADATA =
      new ObjectMetadata(
          Optional.of(TIMESTAMP),
          Optional.of("owner-7"),
          Optional.of("cluster-9"),
          OptionalLong.of(0xefff_ffff_ecd9_9000L),
          OptionalLong.of(0x0123_4567_89ab_cdefL));
  private static final int MIB = 1 << 20;

  private ReplicaClient client;

  /** A client on a replica of its own, empty. */
  abstract ReplicaClient openEmpty() throws Exception;

  /** Puts a foreign object beside or inside the replica's layout, for example {@code ltx/0/x}. */
  abstract void putStranger(String relativeKey) throws Exception;

  abstract boolean strangerExists(String relativeKey) throws Exception;

  /** A foreign name inside the directory of level 0. */
  abstract String strangerInLevelZero();

  /** How many files the listing with seek goes over; more than one page of 1,000. */
  int manyFiles() {
    return 1_050;
  }

  @BeforeEach
  void open() throws Exception {
    client = openEmpty();
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    byte[] bytes = random(1_000);

    ObjectInfo written = write(LtxName.batch(Txid.FIRST), bytes);

    assertThat(written.name()).isEqualTo(LtxName.batch(Txid.FIRST));
    assertThat(written.sizeBytes()).isEqualTo(1_000);
    assertThat(read(LtxName.batch(Txid.FIRST), 0, 0)).isEqualTo(bytes);
  }

  @Test
  void anEmptyObjectIsReadBack() throws IOException {
    write(LtxName.batch(Txid.FIRST), new byte[0]);

    assertThat(read(LtxName.batch(Txid.FIRST), 0, 0)).isEmpty();
  }

  @Test
  void aPartIsRead() throws IOException {
    byte[] bytes = random(1_000);
    LtxName name = LtxName.batch(Txid.FIRST);
    write(name, bytes);

    assertThat(read(name, 100, 50)).isEqualTo(slice(bytes, 100, 150));
    assertThat(read(name, 100, 0)).isEqualTo(slice(bytes, 100, 1_000));
    assertThat(read(name, 0, 50)).isEqualTo(slice(bytes, 0, 50));
    assertThat(read(name, 990, 50)).isEqualTo(slice(bytes, 990, 1_000));
  }

  @Test
  void aPartBeyondTheEndIsCorrupt() {
    LtxName name = LtxName.batch(Txid.FIRST);
    write(name, random(1_000));

    assertThatThrownBy(() -> read(name, 1_000, 50)).isInstanceOf(TidewalException.Corrupt.class);
  }

  @Test
  void anAbsentObjectIsNotFound() {
    LtxName absent = LtxName.batch(new Txid(77));

    assertThatThrownBy(() -> client.stat(absent))
        .isInstanceOf(TidewalException.NotFound.class)
        .hasMessageContaining(absent.fileName());
    assertThatThrownBy(() -> read(absent, 0, 0))
        .isInstanceOf(TidewalException.NotFound.class)
        .hasMessageContaining(absent.fileName());
    assertThatThrownBy(() -> client.copy(absent, LtxName.batch(Txid.FIRST)))
        .isInstanceOf(TidewalException.NotFound.class);
  }

  @Test
  void aCreateDoesNotReplace() throws IOException {
    LtxName name = LtxName.batch(Txid.FIRST);
    byte[] first = random(100);
    write(name, first);

    assertThatThrownBy(() -> write(name, random(200)))
        .isInstanceOf(TidewalException.PreconditionFailed.class)
        .hasMessageContaining(name.fileName());
    assertThat(read(name, 0, 0)).isEqualTo(first);
  }

  /** Some mebibytes that nobody wants to read any more, in one request. */
  @Test
  void aCreateOfSomeMebibytesDoesNotReplaceEither() {
    LtxName name = LtxName.batch(Txid.FIRST);
    write(name, random(100));

    assertThatThrownBy(() -> write(name, random(4 * MIB)))
        .isInstanceOf(TidewalException.PreconditionFailed.class);
    assertThat(client.stat(name).sizeBytes()).isEqualTo(100);
  }

  @Test
  void aReplaceReplaces() throws IOException {
    LtxName name = LtxName.batch(Txid.FIRST);
    write(name, random(200));
    byte[] second = random(100);

    client.write(name, METADATA, WriteMode.REPLACE, 100, out -> out.write(second));

    assertThat(read(name, 0, 0)).isEqualTo(second);
  }

  @Test
  void ofTenWritersOfOneNameOneWins() throws Exception {
    LtxName name = LtxName.batch(new Txid(5));
    List<byte[]> contents = new ArrayList<>();
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      byte[] bytes = random(20_000 + i);
      contents.add(bytes);
      writers.add(() -> wins(name, bytes));
    }

    List<Boolean> outcomes = inParallel(writers);

    assertThat(outcomes).containsOnlyOnce(true);
    assertThat(read(name, 0, 0)).isEqualTo(contents.get(outcomes.indexOf(true)));
  }

  @Test
  void tenWritersOfDifferentNamesAllSucceed() throws Exception {
    List<Callable<Boolean>> writers =
        LongStream.rangeClosed(1, 10)
            .<Callable<Boolean>>mapToObj(
                txid -> () -> wins(LtxName.batch(new Txid(txid)), random(50_000)))
            .toList();

    assertThat(inParallel(writers)).doesNotContain(false);
    assertThat(names(client.list(0, Txid.ZERO, false))).hasSize(10);
  }

  @Test
  void aHundredMebibytesStreamThrough() throws IOException {
    LtxName name = LtxName.snapshot(new Txid(9));
    long size = 100L * MIB;
    CRC32 sent = new CRC32();

    ObjectInfo written =
        client.write(
            name,
            METADATA,
            WriteMode.CREATE,
            size,
            out -> {
              Random random = new Random(1);
              byte[] chunk = new byte[MIB];
              for (int i = 0; i < 100; i++) {
                random.nextBytes(chunk);
                sent.update(chunk);
                out.write(chunk);
              }
            });

    assertThat(written.sizeBytes()).isEqualTo(size);
    CheckedInputStream received = new CheckedInputStream(client.open(name, 0, 0), new CRC32());
    try (received) {
      received.skipNBytes(size);
      assertThat(received.read()).isEqualTo(-1);
    }
    assertThat(received.getChecksum().getValue()).isEqualTo(sent.getValue());
    assertThat(client.stat(name).metadata()).isEqualTo(METADATA);
  }

  @Test
  void aLargeObjectIsNotReplacedEither() {
    LtxName name = LtxName.snapshot(new Txid(9));
    write(name, random(100));

    assertThatThrownBy(() -> write(name, random(12 * MIB)))
        .isInstanceOf(TidewalException.PreconditionFailed.class);
    assertThat(client.stat(name).sizeBytes()).isEqualTo(100);
  }

  @Test
  void aContentThatFailsLeavesNothing() {
    LtxName name = LtxName.batch(Txid.FIRST);
    Content broken =
        out -> {
          out.write(random(7 * MIB));
          throw new IOException("the database can't be read");
        };

    assertThatThrownBy(() -> client.write(name, METADATA, WriteMode.CREATE, 20 * MIB, broken))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the database can't be read");
    assertThatThrownBy(() -> client.stat(name)).isInstanceOf(TidewalException.NotFound.class);
    assertThat(client.list(0, Txid.ZERO, false)).isExhausted();
  }

  @Test
  void metadataSurvives() {
    LtxName name = LtxName.batch(Txid.FIRST);

    ObjectInfo written = write(name, random(10));

    assertThat(written.metadata()).isEqualTo(METADATA);
    assertThat(client.stat(name).metadata()).isEqualTo(METADATA);
  }

  @Test
  void anOldTimestampSurvivesAndModifiedIsTheStoresOwn() {
    LtxName name = LtxName.batch(Txid.FIRST);
    Instant old = Instant.parse("2020-02-29T23:59:59.999Z");

    client.write(name, ObjectMetadata.at(old), WriteMode.CREATE, 1, out -> out.write(1));

    ObjectInfo stored = client.stat(name);
    assertThat(stored.metadata().timestamp()).hasValue(old);
    assertThat(stored.modified()).isAfter(Instant.now().minus(Duration.ofMinutes(10)));
  }

  @Test
  void aListingHasExactTimesWhereAsked() {
    write(LtxName.batch(Txid.FIRST), random(10));
    write(LtxName.batch(new Txid(2)), random(20));

    List<ObjectInfo> exact = drain(client.list(0, Txid.ZERO, true));
    List<ObjectInfo> cheap = drain(client.list(0, Txid.ZERO, false));

    assertThat(exact).extracting(ObjectInfo::metadata).containsOnly(METADATA);
    assertThat(exact).extracting(ObjectInfo::sizeBytes).containsExactly(10L, 20L);
    assertThat(cheap).extracting(ObjectInfo::metadata).containsOnly(ObjectMetadata.UNKNOWN);
    assertThat(cheap).extracting(ObjectInfo::sizeBytes).containsExactly(10L, 20L);
  }

  @Test
  void aListingIsAscendingAndStartsAtTheSeek() {
    write(new LtxName(1, new Txid(0x10), new Txid(0x1f)), random(1));
    write(new LtxName(1, new Txid(1), new Txid(0xf)), random(1));
    write(new LtxName(1, new Txid(1), new Txid(2)), random(1));
    write(new LtxName(1, new Txid(3), new Txid(0xf)), random(1));
    write(new LtxName(2, new Txid(1), new Txid(0xf)), random(1));

    assertThat(names(client.list(1, Txid.ZERO, false)))
        .containsExactly("1-2", "1-f", "3-f", "10-1f");
    assertThat(names(client.list(1, new Txid(3), false))).containsExactly("3-f", "10-1f");
    assertThat(names(client.list(1, new Txid(4), false))).containsExactly("10-1f");
    assertThat(names(client.list(1, new Txid(0x11), false))).isEmpty();
    assertThat(names(client.list(3, Txid.ZERO, false))).isEmpty();
  }

  @Test
  void aListingGoesOverMoreThanOnePage() throws Exception {
    int count = manyFiles();
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      LtxName name = LtxName.batch(new Txid(i));
      writers.add(() -> wins(name, new byte[] {1}));
    }
    inParallel(writers);

    List<ObjectInfo> all = drain(client.list(0, Txid.ZERO, false));
    List<ObjectInfo> tail = drain(client.list(0, new Txid(18), false));

    assertThat(all).hasSize(count).isSortedAccordingTo((a, b) -> a.name().compareTo(b.name()));
    assertThat(tail).hasSize(count - 17);
    assertThat(tail.getFirst().name()).isEqualTo(LtxName.batch(new Txid(18)));
  }

  @Test
  void anExhaustedListingSaysSo() {
    Iterator<ObjectInfo> empty = client.list(0, Txid.ZERO, false);

    assertThat(empty.hasNext()).isFalse();
    assertThatThrownBy(empty::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void strangersAreNotListed() throws Exception {
    write(LtxName.batch(Txid.FIRST), random(1));
    putStranger(strangerInLevelZero());

    assertThat(names(client.list(0, Txid.ZERO, false))).containsExactly("1-1");
  }

  @Test
  void aCopyHasTheBytesAndTheMetadataAndReplaces() throws IOException {
    LtxName from = LtxName.batch(Txid.FIRST);
    LtxName to = new LtxName(3, Txid.FIRST, new Txid(4));
    byte[] bytes = random(5_000);
    write(from, bytes);
    write(to, random(10));

    ObjectInfo copied = client.copy(from, to);

    assertThat(copied.name()).isEqualTo(to);
    assertThat(copied.sizeBytes()).isEqualTo(5_000);
    assertThat(read(to, 0, 0)).isEqualTo(bytes);
    assertThat(client.stat(to).metadata()).isEqualTo(METADATA);
    assertThat(read(from, 0, 0)).isEqualTo(bytes);
  }

  @Test
  void aDeleteTakesAbsentObjectsForDeleted() {
    LtxName present = LtxName.batch(Txid.FIRST);
    LtxName kept = LtxName.batch(new Txid(2));
    write(present, random(1));
    write(kept, random(1));

    client.delete(List.of(present, LtxName.batch(new Txid(99)), LtxName.snapshot(new Txid(3))));
    client.delete(List.of());

    assertThat(names(client.list(0, Txid.ZERO, false))).containsExactly("2-2");
  }

  @Test
  void deleteAllLeavesStrangersAlone() throws Exception {
    write(LtxName.batch(Txid.FIRST), random(1));
    write(LtxName.snapshot(new Txid(3)), random(1));
    client.writeDocument("replica.json", bytes("{}"), WriteMode.CREATE);
    putStranger("stranger.txt");
    putStranger(strangerInLevelZero());

    client.deleteAll();
    client.deleteAll();

    assertThat(client.list(0, Txid.ZERO, false)).isExhausted();
    assertThat(client.list(LtxName.SNAPSHOT_LEVEL, Txid.ZERO, false)).isExhausted();
    assertThat(client.readDocument("replica.json")).isEmpty();
    assertThat(strangerExists("stranger.txt")).isTrue();
    assertThat(strangerExists(strangerInLevelZero())).isTrue();
  }

  @Test
  void aDocumentIsCreatedOnceAndReplaced() {
    client.writeDocument("replica.json", bytes("one"), WriteMode.CREATE);

    assertThatThrownBy(() -> client.writeDocument("replica.json", bytes("two"), WriteMode.CREATE))
        .isInstanceOf(TidewalException.PreconditionFailed.class);
    assertThat(client.readDocument("replica.json")).hasValue(bytes("one"));

    client.writeDocument("replica.json", bytes("three"), WriteMode.REPLACE);
    assertThat(client.readDocument("replica.json")).hasValue(bytes("three"));
    assertThat(client.readDocument("other.json")).isEmpty();
    assertThat(client.list(0, Txid.ZERO, false)).isExhausted();
  }

  @Test
  void aDocumentCannotLeaveItsDirectory() {
    assertThatThrownBy(() -> client.writeDocument("../x", bytes("x"), WriteMode.REPLACE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theStoresClockIsCloseToOursOnThisMachine() {
    write(LtxName.batch(Txid.FIRST), random(1));

    assertThat(Duration.between(client.storeTime(), Instant.now()).abs())
        .isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void anInterruptedThreadIsCancelledInEveryOperation() {
    LtxName name = LtxName.batch(Txid.FIRST);
    write(name, random(1));

    assertCancelled(() -> drain(client.list(0, Txid.ZERO, false)));
    assertCancelled(() -> client.stat(name));
    assertCancelled(() -> read(name, 0, 0));
    assertCancelled(() -> write(LtxName.batch(new Txid(2)), random(1)));
    assertCancelled(() -> client.copy(name, LtxName.batch(new Txid(3))));
    assertCancelled(() -> client.delete(List.of(name)));
    assertCancelled(() -> client.deleteAll());
    assertCancelled(() -> client.readDocument("replica.json"));
    assertCancelled(() -> client.writeDocument("a.json", bytes("x"), WriteMode.CREATE));

    assertThat(names(client.list(0, Txid.ZERO, true))).containsExactly("1-1");
  }

  @Test
  void aBodyStopsWhenItsReaderIsInterrupted() throws IOException {
    LtxName name = LtxName.batch(Txid.FIRST);
    write(name, random(2 * MIB));
    try (InputStream body = client.open(name, 0, 0)) {
      body.readNBytes(1_000);

      assertCancelled(() -> body.readNBytes(2 * MIB));
    }
  }

  private static void assertCancelled(Call call) {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(call::run).isInstanceOf(TidewalException.Cancelled.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  private interface Call {
    void run() throws Exception;
  }

  private ObjectInfo write(LtxName name, byte[] bytes) {
    return client.write(name, METADATA, WriteMode.CREATE, bytes.length, out -> out.write(bytes));
  }

  private boolean wins(LtxName name, byte[] bytes) {
    try {
      write(name, bytes);
      return true;
    } catch (TidewalException.PreconditionFailed lost) {
      return false;
    }
  }

  private byte[] read(LtxName name, long offset, long size) throws IOException {
    try (InputStream in = client.open(name, offset, size)) {
      return in.readAllBytes();
    }
  }

  private static <T> List<T> inParallel(List<Callable<T>> calls) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(10)) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    }
  }

  private static List<ObjectInfo> drain(Iterator<ObjectInfo> listing) {
    List<ObjectInfo> objects = new ArrayList<>();
    listing.forEachRemaining(objects::add);
    return objects;
  }

  /** TXID ranges in short hex. */
  private static List<String> names(Iterator<ObjectInfo> listing) {
    return drain(listing).stream()
        .map(object -> shortHex(object.name().min()) + "-" + shortHex(object.name().max()))
        .toList();
  }

  private static String shortHex(Txid txid) {
    return Long.toHexString(HexFormat.fromHexDigitsToLong(txid.toString()));
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
