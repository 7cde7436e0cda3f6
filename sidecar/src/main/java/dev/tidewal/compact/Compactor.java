package dev.tidewal.compact;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.core.TidewalException.PreconditionFailed;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Carries out single steps in the store. What fails leaves nothing behind, and what is written is
 * checked before anything may rely on it.
 *
 * <p>Memory: a window of each input, a part of the output; independent of the database's size.
 * Errors are those of {@link ReplicaClient}; {@link NotFound} and {@link Corrupt} name the input.
 */
final class Compactor {
  private static final int DELETE_BATCH = 1000;
  private static final long SLACK_BYTES = 8 * 1024;

  private final ReplicaClient client;
  private final Ownership ownership;
  private final CompactionSettings settings;
  private final Path scratch;

  /** What became of a merge. */
  sealed interface Outcome {
    record Written(ObjectInfo info) implements Outcome {}

    /** An object of that name is there that can't be what the inputs make; it was left alone. */
    record Conflict(ObjectInfo present, String reason) implements Outcome {}

    /** No snapshot was published: the database must be read. */
    record ReadLive(String reason) implements Outcome {}
  }

  Compactor(ReplicaClient client, Ownership ownership, CompactionSettings settings, Path scratch) {
    this.client = client;
    this.ownership = ownership;
    this.settings = settings;
    this.scratch = scratch;
  }

  /** Lists all levels anew. */
  void list(LevelIndex index) {
    for (int level = LtxName.SNAPSHOT_LEVEL; level >= 0; level--) {
      try (LevelIndex.Listing listing = index.relist(level)) {
        client.list(level, seek(level, index), false).forEachRemaining(listing::add);
        listing.done();
      }
    }
  }

  /** Batches that are kept for ever need not be seen again once they are merged. */
  private Txid seek(int level, LevelIndex index) {
    boolean forEver = settings.batchRetention().equals(CompactionSettings.FOR_EVER);
    return level == 0 && forEver ? index.highest(1) : Txid.ZERO;
  }

  /** Copies an object inside the store. */
  ObjectInfo copy(LtxName from, LtxName to) {
    ownership.assure();
    ObjectInfo copied = client.copy(from, to);
    long expected = client.stat(from).sizeBytes();
    if (copied.sizeBytes() != expected) {
      throw new Corrupt(
          to + ": the store's copy has " + copied.sizeBytes() + " bytes instead of " + expected);
    }
    return copied;
  }

  /** Merges objects into one of a level. */
  Outcome merge(LtxName output, List<LevelObject> inputs) {
    OptionalLong checksum = recordedChecksum(inputs.getLast());
    ownership.assure();
    try (MergeContent content =
        new MergeContent(client, output, inputs, OptionalLong.empty(), scratch)) {
      return write(output, inputs, checksum, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Merges a snapshot and what follows it, published only if the recorded checksum comes out. */
  Outcome snapshot(LtxName output, List<LevelObject> inputs) {
    OptionalLong checksum = recordedChecksum(inputs.getLast());
    if (checksum.isEmpty()) {
      return new Outcome.ReadLive("no checksum is recorded beside " + inputs.getLast().name());
    }
    ownership.assure();
    try (MergeContent content = new MergeContent(client, output, inputs, checksum, scratch)) {
      try {
        return write(output, inputs, checksum, content);
      } catch (Corrupt e) {
        if (content.isMismatch()) {
          return new Outcome.ReadLive(String.valueOf(e.getMessage()));
        }
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Deletes what is expired, once it is sure that what replaces it is there and the replica ours.
   *
   * @throws NotFound when a replacement is missing
   */
  void delete(RetentionPlan plan, LevelIndex index) {
    if (settings.deletes()) {
      plan.reliesOn().forEach(name -> requirePresent(name, index));
      ownership.assure();
    }
    for (int from = 0; from < plan.expired().size(); from += DELETE_BATCH) {
      int to = Math.min(plan.expired().size(), from + DELETE_BATCH);
      List<LtxName> batch = plan.expired().subList(from, to);
      if (settings.deletes()) {
        client.delete(batch);
      }
      index.remove(batch);
    }
  }

  /** Too short to be a file counts as missing; the index then does without it. */
  private void requirePresent(LtxName name, LevelIndex index) {
    try {
      if (client.stat(name).sizeBytes() < LtxWriter.EMPTY_FILE_BYTES) {
        throw new NotFound("it has fewer bytes than an empty LTX file");
      }
    } catch (NotFound e) {
      index.remove(List.of(name));
      throw new NotFound(name + ": " + e.getMessage() + "; what it replaces stays", e);
    }
  }

  private Outcome write(
      LtxName output, List<LevelObject> inputs, OptionalLong checksum, MergeContent content)
      throws IOException {
    LtxHeader header = content.header();
    ObjectMetadata metadata =
        new ObjectMetadata(
            Optional.of(Instant.ofEpochMilli(header.timestampMillis())),
            Optional.of(ownership.ownerId()),
            ownership.clusterId(),
            checksum,
            OptionalLong.empty());
    try {
      ObjectInfo stored =
          client.write(
              output, metadata, settings.writeMode(), maxSizeBytes(header, inputs), content);
      long expected = content.written().map(LtxSummary::sizeBytes).orElse(-1L);
      if (stored.sizeBytes() != expected) {
        throw new Corrupt(
            output + ": the store has " + stored.sizeBytes() + " bytes of " + expected);
      }
      return new Outcome.Written(stored);
    } catch (PreconditionFailed e) {
      return adopt(output, header, content);
    }
  }

  /**
   * The object is there: our own earlier attempt whose answer was lost, or another program's work.
   * Taken when it is the same, or at least whole and of the same range.
   */
  private Outcome adopt(LtxName output, LtxHeader header, MergeContent content) throws IOException {
    ObjectInfo present = client.stat(output);
    Optional<LtxSummary> ours = content.written();
    boolean same =
        ours.isPresent()
            && ours.get().sizeBytes() == present.sizeBytes()
            && ours.get().fileChecksum() == fileChecksum(present);
    return same
        ? new Outcome.Written(present)
        : defect(output, header)
            .<Outcome>map(reason -> new Outcome.Conflict(present, reason))
            .orElse(new Outcome.Written(present));
  }

  /** What is wrong with an object that is not byte for byte ours. */
  private Optional<String> defect(LtxName output, LtxHeader header) throws IOException {
    try (LtxReader reader = new LtxReader(client.open(output, 0, 0), output.toString())) {
      LtxHeader other = reader.finish().header();
      return other.minTxid().equals(header.minTxid())
              && other.maxTxid().equals(header.maxTxid())
              && other.commit() == header.commit()
              && other.pageSize() == header.pageSize()
          ? Optional.empty()
          : Optional.of(output + ": exists, but its header does not fit its inputs");
    } catch (Corrupt e) {
      return Optional.of("exists, but is broken: " + e.getMessage());
    }
  }

  private long fileChecksum(ObjectInfo object) throws IOException {
    long offset = object.sizeBytes() - Long.BYTES;
    try (InputStream in = client.open(object.name(), offset, Long.BYTES)) {
      return ByteBuffer.wrap(in.readNBytes(Long.BYTES)).getLong();
    }
  }

  private OptionalLong recordedChecksum(LevelObject object) {
    return object.checksum().isPresent()
        ? object.checksum()
        : client.stat(object.name()).metadata().checksum();
  }

  /**
   * Frames are copied, so the output is no larger than its inputs together; twice that leaves room
   * for inputs in the older encoding. No file holds more than every page, incompressible.
   */
  private static long maxSizeBytes(LtxHeader header, List<LevelObject> inputs) {
    long pageBytes = header.pageSize() + header.pageSize() / 255 + 64L;
    long allPages = LtxWriter.EMPTY_FILE_BYTES + header.commit() * pageBytes;
    if (inputs.stream().anyMatch(input -> input.sizeBytes() == LevelObject.UNKNOWN_SIZE)) {
      return allPages;
    }
    long together = inputs.stream().mapToLong(LevelObject::sizeBytes).sum();
    return Math.min(allPages, 2 * together + SLACK_BYTES);
  }
}
