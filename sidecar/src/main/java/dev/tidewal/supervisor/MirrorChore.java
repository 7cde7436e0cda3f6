package dev.tidewal.supervisor;

import dev.tidewal.config.DestinationConfig;
import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.Chain;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replicate.Mirror;
import dev.tidewal.replicate.ReplicationStatus.DestinationStatus;
import dev.tidewal.replicate.Uploader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Copies to another destination what the first one acknowledged. */
final class MirrorChore extends Chore {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** A snapshot that is wanted is looked for when there is a new one, and at least so often. */
  private static final Duration SNAPSHOT_LOOKS = Duration.ofHours(1);

  private final DestinationConfig destination;
  private final ReplicaClient authority;
  private final ReplicaClient client;
  private final Uploader uploader;
  private final RunStatus status;
  private volatile Consumer<ObjectInfo> copied = object -> {};
  private volatile Runnable opened = () -> {};
  private volatile @Nullable Mirror mirror;
  private volatile boolean behind = true;
  private volatile boolean diverged;
  private volatile boolean snapshotWanted;
  private volatile long snapshotLookNanos;
  private volatile Duration pause = Duration.ZERO;

  /** A store that failed is left alone until then. */
  private volatile long retryNanos = System.nanoTime();

  MirrorChore(
      DestinationConfig destination,
      ReplicaClient authority,
      ReplicaClient client,
      Uploader uploader,
      RunStatus status) {
    super("copies to " + client.url());
    this.destination = destination;
    this.authority = authority;
    this.client = client;
    this.uploader = uploader;
    this.status = status;
  }

  /** Has {@code listener} told of every object that this destination got. Before the start. */
  void onCopied(Consumer<ObjectInfo> listener) {
    copied = listener;
  }

  /** Has {@code listener} told when it is known how far this destination is. Before the start. */
  void onOpened(Runnable listener) {
    opened = listener;
  }

  /**
   * The compaction of this destination can't go on by itself: it gets the first one's next
   * snapshot.
   */
  void wantSnapshot() {
    snapshotWanted = true;
    snapshotLookNanos = System.nanoTime();
    schedule();
  }

  /** The first destination has another snapshot. */
  void snapshotMade() {
    snapshotLookNanos = System.nanoTime();
    schedule();
  }

  /** The last TXID that this destination holds. */
  Txid position() {
    Mirror current = mirror;
    return current == null ? Txid.ZERO : current.position();
  }

  @Override
  void run() {
    Optional<Chain> chain = uploader.chain();
    if (chain.isEmpty() || diverged) {
      retryNanos = System.nanoTime() + FIRST_PAUSE.toNanos(); // the first one's store is away
      return;
    }
    Txid acknowledged = chain.get().head().position().txid();
    try {
      Mirror current = mirror;
      if (current == null) {
        current = Mirror.open(authority, client, acknowledged, copied);
        mirror = current;
        opened.run();
      }
      current.bringTo(acknowledged);
      behind = chain.get().head().position().txid().isAfter(acknowledged);
      if (snapshotWanted && !untilLook().isPositive()) {
        bringSnapshot(current);
      }
      pause = Duration.ZERO;
      show(Optional.empty());
    } catch (TidewalException.Refused e) {
      diverged = true;
      show(Optional.ofNullable(e.getMessage()));
      throw e;
    } catch (IOException e) {
      slowDown(String.valueOf(e.getMessage()));
      throw new UncheckedIOException(e);
    } catch (TidewalException e) {
      slowDown(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  /** What it brings may still be from before the damage: then it is wanted again. */
  private void bringSnapshot(Mirror current) throws IOException {
    snapshotLookNanos = System.nanoTime() + SNAPSHOT_LOOKS.toNanos();
    snapshotWanted = false;
    try {
      if (!current.copySnapshot()) {
        snapshotWanted = true;
      } // else it may be wanted again already
    } catch (IOException | TidewalException e) {
      snapshotWanted = true;
      throw e;
    }
  }

  private Duration untilLook() {
    return Duration.ofNanos(snapshotLookNanos - System.nanoTime());
  }

  @Override
  Duration untilNext() {
    if (diverged) {
      return NEVER;
    }
    if (behind) {
      return Duration.ofNanos(retryNanos - System.nanoTime());
    }
    return snapshotWanted ? untilLook() : NEVER;
  }

  @Override
  void acknowledged(ObjectInfo object) {
    behind = true;
    if (object.name().level() == LtxName.SNAPSHOT_LEVEL) {
      snapshotLookNanos = System.nanoTime();
    }
    schedule();
  }

  private void slowDown(String error) {
    Duration doubled = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    retryNanos = System.nanoTime() + pause.toNanos();
    show(Optional.of(error));
  }

  private void show(Optional<String> error) {
    status.mirror(
        new DestinationStatus(
            destination.name(), client.url(), new Position(position(), 0), error));
  }
}
