package dev.tidewal.replicate;

import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.database.KnownPages;
import dev.tidewal.fence.AppendResult;
import dev.tidewal.fence.Batch;
import dev.tidewal.fence.Chain;
import dev.tidewal.fence.StoredBatch;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.state.PageChecksums;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends one {@link Outgoing} after the other to the first destination, and keeps the page checksums
 * at what was acknowledged.
 *
 * <p>Used by one thread at a time: the replicator's own, or the upload that it has started.
 */
public final class Uploader {
  private static final Logger LOG = System.getLogger(Uploader.class.getName());

  private final ReplicaClient client;
  private final PageChecksums checksums;
  private final Authority authority;
  private final Path scratch;
  private final InstantSource clock;
  private volatile @Nullable Chain chain;
  private volatile Consumer<ObjectInfo> acknowledged = object -> {};

  /**
   * An uploader to one replica.
   *
   * @param chain the right to append, when it was had before
   * @param authority asked for it otherwise
   */
  public Uploader(
      ReplicaClient client,
      Optional<Chain> chain,
      Authority authority,
      PageChecksums checksums,
      Path scratch,
      InstantSource clock) {
    this.client = client;
    this.chain = chain.orElse(null);
    this.authority = authority;
    this.checksums = checksums;
    this.scratch = scratch;
    this.clock = clock;
  }

  /** Has {@code listener} told of every object that the first destination acknowledges. */
  public void onAcknowledged(Consumer<ObjectInfo> listener) {
    acknowledged = listener;
  }

  boolean isConnected() {
    return chain != null;
  }

  /** The chain, once there is one. Safe from any thread. */
  public Optional<Chain> chain() {
    return Optional.ofNullable(chain);
  }

  /** Asks for the right to append. */
  UploadResult connect() {
    try {
      return switch (authority.claim()) {
        case Authority.Answer.Granted(Chain granted, Gap gap) -> {
          chain = granted;
          yield new UploadResult.Connected(granted.head().position(), gap);
        }
        case Authority.Answer.StartOver(String reason) -> new UploadResult.StartOver(reason);
      };
    } catch (TidewalException.Fenced e) {
      return new UploadResult.Fenced(message(e));
    } catch (IOException | RuntimeException e) {
      return new UploadResult.Failed(e);
    }
  }

  /** Stores one object; never throws, since it runs on a thread of its own. */
  UploadResult upload(Outgoing out) {
    Chain current = chain;
    if (current == null) {
      return new UploadResult.Failed(new IllegalStateException("not connected"));
    }
    try (PageChecksums.Update update = out.full() ? checksums.rewrite() : checksums.update()) {
      Batch batch = ObjectBatch.of(out, update, clock.instant(), scratch);
      return switch (current.append(batch)) {
        case AppendResult.Appended(StoredBatch stored, long sizeBytes) ->
            record(update, stored, out, batch, sizeBytes);
        case AppendResult.Adopted(StoredBatch stored) -> {
          update.discard();
          yield adopt(stored);
        }
        case AppendResult.Passed(StoredBatch stored) -> {
          update.discard();
          yield pass(stored);
        }
        case AppendResult.Lost(String why) -> {
          update.discard();
          yield new UploadResult.StartOver(why);
        }
      };
    } catch (TidewalException.Fenced e) {
      return new UploadResult.Fenced(message(e));
    } catch (IOException | RuntimeException e) {
      return new UploadResult.Failed(e);
    }
  }

  /** What the replica holds of each page, 0 where that is not known. */
  KnownPages known() {
    return pgno -> {
      try {
        return checksums.get(pgno);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /** Syncs the page checksums; cheap when nothing changed. */
  void syncChecksums() throws IOException {
    checksums.sync();
  }

  private UploadResult record(
      PageChecksums.Update update, StoredBatch stored, Outgoing out, Batch batch, long sizeBytes) {
    try {
      update.apply(
          ChecksumCatchUp.at(stored.position(), stored.end(), stored.pageSize(), stored.commit()));
    } catch (IOException | RuntimeException | Error e) {
      // The object counts, and its checksums may be half entered: only a look at both can go on.
      return new UploadResult.StartOver("the page checksums can't be written: " + e.getMessage());
    }
    if (out.full()) {
      chain().ifPresent(Chain::sentAll);
    }
    tell(stored, LtxName.batch(stored.position().txid()), sizeBytes);
    boolean snapshot = out.full() && writeSnapshot(stored, batch);
    return new UploadResult.Durable(
        stored.position(), sizeBytes, out.source().pageCount(), snapshot);
  }

  /** Whoever sends every page makes a snapshot of it too, as long as the capture lasts. */
  private boolean writeSnapshot(StoredBatch stored, Batch batch) {
    LtxName name = LtxName.snapshot(stored.position().txid());
    LtxHeader header =
        LtxHeader.of(
            stored.pageSize(),
            stored.commit(),
            name.min(),
            name.max(),
            stored.timestamp().toEpochMilli(),
            LtxHeader.WalSpan.NONE);
    try {
      ObjectInfo info =
          client.write(
              name,
              metadata(stored),
              ReplicaClient.WriteMode.REPLACE,
              batch.maxSizeBytes(),
              stream -> batch.encoder().encode(header, stream));
      tell(stored, name, info.sizeBytes());
      return true;
    } catch (TidewalException e) {
      LOG.log(Level.WARNING, "no snapshot was made at {0}: {1}", stored.position(), e.getMessage());
      return false;
    }
  }

  private void tell(StoredBatch stored, LtxName name, long sizeBytes) {
    acknowledged.accept(new ObjectInfo(name, sizeBytes, client.storeTime(), metadata(stored)));
  }

  private static ObjectMetadata metadata(StoredBatch stored) {
    return new ObjectMetadata(
        Optional.of(stored.timestamp()),
        Optional.empty(),
        Optional.empty(),
        stored.position().hasChecksum()
            ? OptionalLong.of(stored.position().checksum())
            : OptionalLong.empty(),
        OptionalLong.empty());
  }

  private UploadResult pass(StoredBatch stored) {
    try {
      new ChecksumCatchUp(client, checksums).pass(stored);
      return new UploadResult.Passed(stored.position());
    } catch (IOException e) {
      return new UploadResult.StartOver("the page checksums can't be written: " + e.getMessage());
    }
  }

  /** Its pages are read back: what is sent next has to be exact about what the replica holds. */
  private UploadResult adopt(StoredBatch stored) {
    Position position = stored.position();
    try {
      new ChecksumCatchUp(client, checksums).apply(position.txid(), stored.end());
      return new UploadResult.EarlierAttempt(position);
    } catch (IOException | TidewalException e) {
      return new UploadResult.StartOver(
          "an earlier upload arrived and can't be read back: " + e.getMessage());
    }
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
