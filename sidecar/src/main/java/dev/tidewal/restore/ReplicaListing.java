package dev.tidewal.restore;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxEntries;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxIndex;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lists all levels of a replica, lowest first.
 *
 * <p>The order matters while a writer compacts and deletes: what disappears from a level before it
 * is listed was in a higher level before that, and the higher level is listed later.
 */
final class ReplicaListing {
  private static final int HEADERS_AT_ONCE = 16;

  private final ReplicaClient client;

  ReplicaListing(ReplicaClient client) {
    this.client = client;
  }

  /** All objects; with the timestamps of their headers where the target needs them. */
  List<ObjectInfo> read(RestoreTarget target) {
    return switch (target) {
      case RestoreTarget.Latest latest -> read(false);
      case RestoreTarget.AtTxid at -> read(false);
      case RestoreTarget.AtTime at -> readWithTimes();
    };
  }

  List<ObjectInfo> readWithTimes() {
    return Parallel.map(read(true), HEADERS_AT_ONCE, this::withTime);
  }

  private List<ObjectInfo> read(boolean exactTimes) {
    List<ObjectInfo> objects = new ArrayList<>();
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      client.list(level, Txid.ZERO, exactTimes).forEachRemaining(objects::add);
    }
    return objects;
  }

  /**
   * A store's metadata has the header's time, unless another tool copied the object; a file's mtime
   * is easily lost on the way, and its header is near.
   */
  private ObjectInfo withTime(ObjectInfo object) {
    boolean trusted = object.metadata().timestamp().isPresent() && !client.type().equals("file");
    if (trusted) {
      return object;
    }
    return header(object)
        .map(header -> Instant.ofEpochMilli(header.timestampMillis()))
        .map(ObjectMetadata::at)
        .map(time -> new ObjectInfo(object.name(), object.sizeBytes(), object.modified(), time))
        .orElse(object);
  }

  /** What batches say about the WAL they were read from, where they can be read. */
  List<SplitChain.Batch> batches(List<ObjectInfo> objects) {
    return Parallel.map(objects, HEADERS_AT_ONCE, this::batch).stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<SplitChain.Batch> batch(ObjectInfo object) {
    try {
      LtxIndex index =
          LtxIndex.open(
              (offset, length) -> client.open(object.name(), offset, length),
              object.sizeBytes(),
              object.name().toString());
      try (LtxEntries entries = index.entries()) {
        long pages = 0;
        while (entries.next()) {
          pages++;
        }
        return Optional.of(new SplitChain.Batch(object.name(), index.header(), pages));
      }
    } catch (NotFound | Corrupt unusable) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Not verified. An object that can't be used is found out again, and said, where it is needed.
   */
  private Optional<LtxHeader> header(ObjectInfo object) {
    try (InputStream in = client.open(object.name(), 0, LtxHeader.SIZE)) {
      return Optional.of(LtxHeader.read(ByteBuffer.wrap(in.readNBytes(LtxHeader.SIZE))));
    } catch (NotFound | Corrupt unusable) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
