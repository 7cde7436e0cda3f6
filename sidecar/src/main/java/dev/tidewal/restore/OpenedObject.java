package dev.tidewal.restore;

import dev.tidewal.ltx.LtxChunk;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxIndex;
import dev.tidewal.ltx.LtxVerifier;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An object whose header and index are at hand: a small one as a whole, in memory; of a large one
 * the pages are fetched in chunks.
 */
final class OpenedObject {
  /** Up to here one request brings all. */
  static final int SMALL_BYTES = 2 << 20;

  private final ReplicaClient client;
  private final ObjectInfo object;
  private final byte @Nullable [] whole;
  private final LtxIndex index;

  private OpenedObject(
      ReplicaClient client, ObjectInfo object, byte @Nullable [] whole, LtxIndex index) {
    this.client = client;
    this.object = object;
    this.whole = whole;
    this.index = index;
  }

  static OpenedObject open(ReplicaClient client, ObjectInfo object, LongConsumer read)
      throws IOException {
    long size = object.sizeBytes();
    String name = object.name().toString();
    if (size > SMALL_BYTES) {
      LtxIndex index =
          LtxIndex.open(
              (offset, length) -> new ResumingStream(client, object, offset, length, read),
              size,
              name);
      return new OpenedObject(client, object, null, index);
    }
    byte[] whole;
    try (ResumingStream in = new ResumingStream(client, object, 0, size, read)) {
      whole = in.readAllBytes();
    }
    LtxIndex index =
        LtxIndex.open(
            (offset, length) -> new ByteArrayInputStream(whole, (int) offset, (int) length),
            size,
            name);
    return new OpenedObject(client, object, whole, index);
  }

  ObjectInfo object() {
    return object;
  }

  LtxHeader header() {
    return index.header();
  }

  /** The object if it is held as a whole. */
  byte @Nullable [] whole() {
    return whole;
  }

  /**
   * Reads the whole index.
   *
   * @param claim asked for each page, in order, whether this object supplies it
   */
  Pages pages(int chunkBytes, LongPredicate claim) throws IOException {
    BitSet wanted = new BitSet();
    int[] count = new int[1];
    LtxVerifier verifier =
        index.chunks(chunkBytes, pgno -> wanted.set(count[0]++, claim.test(pgno)));
    return new Pages(verifier, wanted);
  }

  /**
   * The pages of an object.
   *
   * @param wanted by position among the object's pages: which of them this object supplies
   */
  record Pages(LtxVerifier verifier, BitSet wanted) {
    List<LtxChunk> chunks() {
      return verifier.chunks();
    }
  }

  /** The bytes of a chunk of a large object. */
  ResumingStream fetch(LtxChunk chunk, LongConsumer read) {
    return new ResumingStream(client, object, chunk.offset(), chunk.length(), read);
  }
}
