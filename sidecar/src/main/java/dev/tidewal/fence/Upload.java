package dev.tidewal.fence;

import dev.tidewal.core.Position;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One object on its way: a batch that gets its TXID, its timestamp and its metadata. */
final class Upload {
  private final ChainContext context;
  private final Batch batch;
  private final Instant timestamp;
  private final ObjectMetadata metadata;
  private @Nullable LtxSummary summary;

  /**
   * @param previous timestamp of the object before: timestamps never go back, across owners too
   */
  Upload(ChainContext context, String owner, Batch batch, Instant previous) {
    this.context = context;
    this.batch = batch;
    this.timestamp =
        Instant.ofEpochMilli(Math.max(batch.timestamp().toEpochMilli(), previous.toEpochMilli()));
    this.metadata =
        new ObjectMetadata(
            Optional.of(timestamp),
            Optional.of(owner),
            Optional.of(context.marker().clusterId()).filter(id -> !id.isEmpty()),
            batch.checksum() == 0 ? OptionalLong.empty() : OptionalLong.of(batch.checksum()),
            batch
                .end()
                .map(end -> OptionalLong.of(StoredObject.frameChecksum(end)))
                .orElse(OptionalLong.empty()));
  }

  /** A batch without pages that says the same as the object before it. */
  static Batch noPages(ChainContext context, StoredBatch before, WalSpan span) {
    return new Batch(
        before.commit(),
        before.pageSize(),
        span,
        before.end(),
        before.position().checksum(),
        context.clocks().wall().instant(),
        StoredObject.CLAIM_BYTES,
        (header, out) -> {
          try (LtxWriter writer = new LtxWriter(out, header, context.state().scratch())) {
            return writer.finish();
          }
        });
  }

  /** Stores it. The WAL fields belong to batches: levels have none. */
  ObjectInfo write(LtxName name, WriteMode mode) {
    WalSpan span = name.level() == 0 ? batch.span() : WalSpan.NONE;
    LtxHeader header =
        LtxHeader.of(
            batch.pageSize(),
            batch.commit(),
            name.min(),
            name.max(),
            timestamp.toEpochMilli(),
            span);
    return context
        .client()
        .write(
            name,
            metadata,
            mode,
            batch.maxSizeBytes(),
            out -> summary = batch.encoder().encode(header, out));
  }

  /** What was stored, known without asking. */
  StoredBatch stored(LtxName name) {
    LtxSummary written = summary;
    if (written == null) {
      throw new IllegalStateException("stored without being written: " + name);
    }
    return new StoredBatch(
        new Position(name.max(), batch.checksum()),
        batch.end(),
        batch.commit(),
        batch.pageSize(),
        timestamp,
        written.fileChecksum());
  }
}
