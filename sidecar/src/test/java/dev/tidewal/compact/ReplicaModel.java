package dev.tidewal.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * A replica without bytes: what the store holds, how long each batch really is ago, and a process
 * that carries out {@link Step}s as {@link Compaction} does.
 */
final class ReplicaModel {
  private static final long CLAIM_BYTES = 131;

  final TreeMap<LtxName, LevelObject> store =
      new TreeMap<>(Comparator.comparingInt(LtxName::level).thenComparing(name -> name));
  final Map<Long, LevelObject> history = new HashMap<>();
  final Set<Long> claims = new HashSet<>();
  final List<ProtectedBranch> branches = new ArrayList<>();
  final CompactionSettings settings;

  Instant now;
  Duration skew = Duration.ZERO;
  long head;
  final Requests made = new Requests();
  long requests;
  int livesAsked;
  private Instant lastTimestamp = Instant.MIN;
  private LevelIndex index;
  private Optional<Txid> askedLive = Optional.empty();
  private Instant retentionFrom = Instant.MIN;

  ReplicaModel(CompactionSettings settings, Instant now) {
    this.settings = settings;
    this.index = new LevelIndex(settings);
    this.now = now;
  }

  /** What a store is asked for by compaction, as {@link Compactor} does it. */
  static final class Requests {
    /** {@link Ownership#assure} reads the root marker, and looks at the head and what follows. */
    static final int ASSURE = 3;

    private static final int DELETED_AT_ONCE = 1000;

    /** PUT and COPY, by level. */
    final Map<Integer, Integer> written = new TreeMap<>();

    /** Objects of L1 and above that were read. */
    long gets;

    /** Batches that were read. */
    long batchGets;

    long heads;
    long deletes;

    Requests copy() {
      Requests copy = new Requests();
      copy.written.putAll(written);
      copy.gets = gets;
      copy.batchGets = batchGets;
      copy.heads = heads;
      copy.deletes = deletes;
      return copy;
    }

    private void wrote(int level, List<LevelObject> inputs) {
      written.merge(level, 1, Integer::sum);
      heads += ASSURE;
      long batches = inputs.stream().filter(input -> input.name().level() == 0).count();
      batchGets += batches;
      gets += inputs.size() - batches;
    }

    private void copied() {
      wrote(LtxName.SNAPSHOT_LEVEL, List.of());
      heads++;
    }

    private void expired(RetentionPlan plan) {
      heads += ASSURE + plan.reliesOn().size();
      deletes += (plan.expired().size() + DELETED_AT_ONCE - 1) / DELETED_AT_ONCE;
    }
  }

  Instant wall() {
    return now.plus(skew);
  }

  void write() {
    append(4096 + head % 1000);
  }

  void claim() {
    append(CLAIM_BYTES);
    claims.add(head);
  }

  private void append(long sizeBytes) {
    lastTimestamp = lastTimestamp.isAfter(wall()) ? lastTimestamp : wall();
    LtxName name = LtxName.batch(new Txid(++head));
    LevelObject object = put(name, sizeBytes, lastTimestamp);
    history.put(head, object);
    index.add(object);
  }

  /** A new process: it knows the names, sizes and store times of a cheap listing, nothing else. */
  void restart() {
    index = new LevelIndex(settings);
    for (int level = LtxName.SNAPSHOT_LEVEL; level >= 0; level--) {
      int ofLevel = level;
      LevelIndex.Listing listing = index.relist(level);
      store.values().stream()
          .filter(object -> object.name().level() == ofLevel)
          .map(object ->
              new ObjectInfo(
                  object.name(), object.sizeBytes(), object.modified(), ObjectMetadata.UNKNOWN))
          .forEach(listing::add);
      listing.done();
      listing.close();
    }
    askedLive = Optional.empty();
    retentionFrom = Instant.MIN;
  }

  /** Runs until there is nothing to do, and says for how long. */
  Duration run() {
    for (int steps = 0; steps < 20_000; steps++) {
      Step step = Step.next(index, circumstances(), settings);
      if (step instanceof Step.Sleep sleep) {
        retentionFrom = sleep.retentionFrom();
        return sleep.time();
      }
      carryOut(step);
    }
    throw new AssertionError("no end of steps");
  }

  private void carryOut(Step step) {
    switch (step) {
      case Step.Copy copy -> {
        made.copied();
        created(put(copy.to(), at(copy.from()).sizeBytes(), at(copy.from())));
      }
      case Step.Merge merge -> {
        made.wrote(merge.output().level(), merge.inputs());
        created(merged(merge.output(), merge.inputs()));
      }
      case Step.Snapshot merge -> {
        made.wrote(LtxName.SNAPSHOT_LEVEL, merge.inputs());
        created(merged(merge.output(), merge.inputs()));
      }
      case Step.ReadLive live -> {
        livesAsked++;
        askedLive = Optional.of(index.highest(LtxName.SNAPSHOT_LEVEL));
      }
      case Step.Expire expire -> expire(expire.plan());
      case Step.Sleep sleep -> throw new AssertionError(sleep);
    }
  }

  void liveSnapshot() {
    created(put(LtxName.snapshot(new Txid(head)), 1 << 20, wall()));
  }

  private void created(LevelObject object) {
    requests++;
    index.add(object);
    Instant soon = now.plus(Duration.ofMinutes(5));
    retentionFrom = retentionFrom.isBefore(soon) ? retentionFrom : soon;
  }

  private LevelObject merged(LtxName output, List<LevelObject> inputs) {
    long reached = output.min().value() - 1;
    for (LevelObject input : inputs) {
      assertThat(store).as("input of %s", output).containsKey(input.name());
      assertThat(input.first()).as("%s into %s", input, output).isLessThanOrEqualTo(reached + 1);
      assertThat(input.last()).isGreaterThan(reached);
      reached = input.last();
    }
    assertThat(reached).isEqualTo(output.max().value());
    assertThat(store).as("written twice").doesNotContainKey(output);
    return put(output, 9000, at(inputs.getLast().name()));
  }

  private void expire(RetentionPlan plan) {
    requests++;
    made.expired(plan);
    assertThat(store.keySet()).containsAll(plan.expired()).containsAll(plan.reliesOn());
    assertThat(plan.expired()).doesNotContainAnyElementsOf(plan.reliesOn());
    plan.expired().forEach(store::remove);
    index.remove(plan.expired());
    retentionFrom = now.plus(Duration.ofMinutes(5));
  }

  /** Damage from outside. */
  void lose(LtxName name) {
    assertThat(store.remove(name)).isNotNull();
  }

  int knownObjects() {
    return index.objects().size();
  }

  private LevelObject at(LtxName name) {
    return Optional.ofNullable(store.get(name)).orElseThrow(() -> new AssertionError(name));
  }

  private LevelObject put(LtxName name, long sizeBytes, LevelObject timed) {
    return put(name, sizeBytes, timed.timestamp());
  }

  private LevelObject put(LtxName name, long sizeBytes, Instant timestamp) {
    LevelObject object = new LevelObject(name, sizeBytes, timestamp, now, OptionalLong.empty());
    store.put(name, object);
    return object;
  }

  private Step.Circumstances circumstances() {
    return new Step.Circumstances(
        wall(), now, new Txid(head), branches, Set.of(), askedLive, retentionFrom);
  }
}
