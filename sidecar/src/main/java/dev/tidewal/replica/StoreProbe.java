package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ProbeReport.Capability;
import dev.tidewal.replica.ProbeReport.Finding;
import dev.tidewal.replica.ProbeReport.Outcome;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by trying what a store can do, below a prefix of its own beside the replica, which it
 * removes in the end. It never goes by the name of a vendor: stores answer 200 to conditions that
 * they ignore.
 *
 * <p>An error that says nothing about the store's abilities (not reached, no rights, cancelled)
 * ends the probe.
 */
public final class StoreProbe {
  private static final int RACERS = 16;
  private static final int ROUNDS = 3;

  private final ReplicaClient client;
  private final @Nullable ProbeStore raw;
  private final List<Finding> findings = new ArrayList<>();
  private final List<LtxName> used = new ArrayList<>();
  private long nextTxid = 1;

  private StoreProbe(ReplicaClient client, @Nullable ProbeStore raw) {
    this.client = client;
    this.raw = raw;
  }

  /** Probes the store of these settings. */
  public static ProbeReport run(ReplicaSettings settings, ReplicaClients clients) {
    String name =
        ".tidewal-probe-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    ReplicaSettings scratch =
        switch (settings) {
          case FileSettings file -> new FileSettings(file.root().resolve(name));
          case S3Settings s3 -> s3.withPrefix(s3.prefix() + "/" + name);
        };
    List<Path> missing = missingDirectories(settings);
    try (ReplicaClient client = clients.open(scratch)) {
      StoreProbe probe = new StoreProbe(client, client instanceof ProbeStore store ? store : null);
      try {
        probe.tryEverything();
      } finally {
        probe.cleanUp(scratch, missing);
      }
      return ProbeReport.of(settings.type(), settings.url(), probe.findings);
    }
  }

  private void tryEverything() {
    // Whether the store is there at all, before anything is judged.
    client.list(0, Txid.ZERO, false);
    find(Capability.READ_AFTER_WRITE, this::readAfterWrite);
    find(Capability.METADATA, this::metadata);
    find(Capability.RANGE_READ, this::rangeRead);
    find(Capability.LIST_AFTER_WRITE, this::listAfterWrite);
    find(Capability.LIST_FROM, this::listFrom);
    find(Capability.COPY, this::copy);
    find(Capability.STALE_CREATE, () -> stale(this::create));
    find(Capability.CREATE_RACE, () -> race(this::create));
    ProbeStore store = raw;
    if (store == null) {
      skip(Capability.STALE_MULTIPART);
      skip(Capability.MULTIPART_RACE);
    } else {
      find(Capability.STALE_MULTIPART, () -> stale(store::createMultipart));
      find(Capability.MULTIPART_RACE, () -> race(store::createMultipart));
    }
    find(Capability.DELETE, this::delete);
  }

  /** What was seen; empty = all as it should be. */
  private interface Check {
    Optional<String> run() throws IOException;
  }

  private void find(Capability capability, Check check) {
    long start = System.nanoTime();
    Optional<String> problem;
    try {
      problem = check.run();
    } catch (TidewalException.NotFound
        | TidewalException.Corrupt
        | TidewalException.Refused
        | TidewalException.PreconditionFailed e) {
      problem = Optional.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    findings.add(
        new Finding(
            capability,
            problem.isEmpty() ? Outcome.YES : Outcome.NO,
            problem.orElse("as it should be"),
            Duration.ofNanos(System.nanoTime() - start)));
  }

  private void skip(Capability capability) {
    findings.add(
        new Finding(
            capability,
            Outcome.NOT_APPLICABLE,
            "this kind of store has one way to create",
            Duration.ZERO));
  }

  private Optional<String> readAfterWrite() throws IOException {
    LtxName name = fresh();
    replace(name, bytes(1));
    if (!Arrays.equals(read(name, 0, 0), bytes(1))) {
      return Optional.of("other bytes were read than written");
    }
    replace(name, bytes(2));
    if (!Arrays.equals(read(name, 0, 0), bytes(2))) {
      return Optional.of("old bytes were read after a replacement");
    }
    return client.stat(name).sizeBytes() == bytes(2).length
        ? Optional.empty()
        : Optional.of("the size differs");
  }

  private Optional<String> metadata() {
    LtxName name = fresh();
    ObjectMetadata metadata =
        new ObjectMetadata(
            Optional.of(Instant.parse("2020-02-29T12:34:56.789Z")),
            Optional.of("owner"),
            Optional.of("cluster"),
            OptionalLong.of(-2),
            OptionalLong.of(7));
    client.write(name, metadata, WriteMode.REPLACE, 10, out -> out.write(bytes(1)));
    ObjectMetadata stored = client.stat(name).metadata();
    return stored.equals(metadata) ? Optional.empty() : Optional.of("it came back as " + stored);
  }

  private Optional<String> rangeRead() throws IOException {
    LtxName name = fresh();
    byte[] content = new byte[1_000];
    ThreadLocalRandom.current().nextBytes(content);
    replace(name, content);
    boolean part = Arrays.equals(read(name, 100, 50), Arrays.copyOfRange(content, 100, 150));
    boolean rest = Arrays.equals(read(name, 900, 0), Arrays.copyOfRange(content, 900, 1_000));
    return part && rest ? Optional.empty() : Optional.of("another part was read");
  }

  private Optional<String> listAfterWrite() {
    List<LtxName> names = new ArrayList<>();
    for (long txid : new long[] {30, 10, 20, 40, 25}) {
      LtxName name = noted(new LtxName(1, new Txid(txid), new Txid(txid + 1)));
      names.add(name);
      replace(name, bytes(1));
    }
    names.sort(null);
    List<LtxName> listed = new ArrayList<>();
    client.list(1, Txid.ZERO, false).forEachRemaining(info -> listed.add(info.name()));
    return listed.equals(names) ? Optional.empty() : Optional.of("listed: " + listed);
  }

  private Optional<String> listFrom() {
    if (raw == null) {
      return Optional.empty();
    }
    Optional<LtxName> first = raw.firstListed(1, new Txid(21));
    return first.map(name -> name.min().equals(new Txid(25))).orElse(false)
        ? Optional.empty()
        : Optional.of(
            "asked to start at TXID 21, the store begins with "
                + first.map(LtxName::toString).orElse("nothing")
                + "; listings read more than they need");
  }

  private Optional<String> copy() throws IOException {
    LtxName from = fresh();
    LtxName to = noted(new LtxName(LtxName.SNAPSHOT_LEVEL, from.min(), from.max()));
    replace(from, bytes(3));
    client.copy(from, to);
    return Arrays.equals(read(to, 0, 0), bytes(3))
        ? Optional.empty()
        : Optional.of("the copy has other bytes");
  }

  private Optional<String> stale(BiConsumer<LtxName, byte[]> create) throws IOException {
    LtxName name = fresh();
    create.accept(name, bytes(1));
    try {
      create.accept(name, bytes(2));
      return Optional.of("the store answered with success and ignored the condition");
    } catch (TidewalException.PreconditionFailed refused) {
      return Arrays.equals(read(name, 0, 0), bytes(1))
          ? Optional.empty()
          : Optional.of("refused, but replaced all the same");
    }
  }

  private Optional<String> race(BiConsumer<LtxName, byte[]> create) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      LtxName name = fresh();
      List<Integer> winners = winners(name, create);
      if (winners.size() != 1) {
        return Optional.of(winners.size() + " of " + RACERS + " writers won");
      }
      if (!Arrays.equals(read(name, 0, 0), bytes(winners.getFirst()))) {
        return Optional.of("the stored bytes are not the winner's");
      }
    }
    return Optional.empty();
  }

  private static List<Integer> winners(LtxName name, BiConsumer<LtxName, byte[]> create) {
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<Boolean>> racers = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        int racer = i;
        racers.add(
            threads.submit(() -> {
              start.await();
              try {
                create.accept(name, bytes(racer));
                return true;
              } catch (TidewalException.PreconditionFailed lost) {
                return false;
              }
            }));
      }
      start.countDown();
      List<Integer> winners = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        if (racers.get(i).get()) {
          winners.add(i);
        }
      }
      return winners;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TidewalException.Cancelled("probe: interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Optional<String> delete() {
    LtxName name = fresh();
    replace(name, bytes(1));
    client.delete(List.of(name));
    client.delete(List.of(name));
    try {
      client.stat(name);
      return Optional.of("it is still there");
    } catch (TidewalException.NotFound gone) {
      return Optional.empty();
    }
  }

  /** The directories of a file replica that are not there yet, the deepest first. */
  private static List<Path> missingDirectories(ReplicaSettings settings) {
    List<Path> missing = new ArrayList<>();
    if (settings instanceof FileSettings(Path root)) {
      for (Path at = root; at != null && !Files.exists(at); at = at.getParent()) {
        missing.add(at);
      }
    }
    return missing;
  }

  private void cleanUp(ReplicaSettings scratch, List<Path> missing) {
    client.delete(used);
    try {
      client.deleteAll();
    } catch (TidewalException.Refused listsWrongly) {
      // Such a store is reported; what we wrote is deleted by name.
    }
    if (scratch instanceof FileSettings(Path root)) {
      try {
        Files.deleteIfExists(root);
        for (Path made : missing) {
          Files.deleteIfExists(made);
        }
      } catch (IOException left) {
        throw FileFailures.of("delete", root, left);
      }
    }
  }

  private LtxName fresh() {
    return noted(LtxName.batch(new Txid(nextTxid++)));
  }

  private LtxName noted(LtxName name) {
    used.add(name);
    return name;
  }

  private void create(LtxName name, byte[] bytes) {
    client.write(
        name,
        ObjectMetadata.at(Instant.EPOCH),
        WriteMode.CREATE,
        bytes.length,
        out -> out.write(bytes));
  }

  private void replace(LtxName name, byte[] bytes) {
    client.write(
        name,
        ObjectMetadata.at(Instant.EPOCH),
        WriteMode.REPLACE,
        bytes.length,
        out -> out.write(bytes));
  }

  private byte[] read(LtxName name, long offset, long size) throws IOException {
    try (InputStream in = client.open(name, offset, size)) {
      return in.readAllBytes();
    }
  }

  /** Different in bytes and in length for each writer. */
  private static byte[] bytes(int writer) {
    byte[] bytes = new byte[100 + writer];
    Arrays.fill(bytes, (byte) (writer + 1));
    return bytes;
  }
}
