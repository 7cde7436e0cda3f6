package dev.tidewal.replicate;

import static java.util.Comparator.reverseOrder;

import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.core.TidewalException.PreconditionFailed;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.RootMarker;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Brings another destination of a database up to its first one: the same objects under the same
 * TXIDs, and never one that the first has not acknowledged.
 *
 * <p>For one thread; {@link #position} may be asked by any.
 */
public final class Mirror {
  /** The document that says whose copy a destination is: the first one's root marker. */
  private static final String COPY_OF = "mirror.json";

  private static final int TRAILER_BYTES = 16;

  private final ReplicaClient authority;
  private final ReplicaClient mirror;
  private final Consumer<ObjectInfo> copied;
  private volatile Txid position;

  /** The rolling checksum recorded there, where it is known. */
  private OptionalLong checksum;

  private Mirror(
      ReplicaClient authority,
      ReplicaClient mirror,
      Txid position,
      OptionalLong checksum,
      Consumer<ObjectInfo> copied) {
    this.checksum = checksum;
    this.authority = authority;
    this.mirror = mirror;
    this.position = position;
    this.copied = copied;
  }

  /**
   * Finds out how far the other destination is; one LIST for each level.
   *
   * @param acknowledged by the first destination
   * @param copied told of each object that the other destination got, with that store's time, once
   *     {@link #position} includes it
   * @throws Refused when it holds another history, or more of it than the first
   */
  public static Mirror open(
      ReplicaClient authority,
      ReplicaClient mirror,
      Txid acknowledged,
      Consumer<ObjectInfo> copied) {
    assureCopyOf(authority, mirror);
    Optional<LtxName> newest = newest(mirror);
    Txid position = newest.map(LtxName::max).orElse(Txid.ZERO);
    if (position.isAfter(acknowledged)) {
      throw diverged(
          mirror, "it is at " + position + ", beyond the first destination's " + acknowledged);
    }
    if (newest.isPresent() && !isSame(authority, mirror, newest.get())) {
      throw diverged(mirror, "its " + newest.get() + " is not the first destination's");
    }
    OptionalLong checksum =
        newest.map(name -> mirror.stat(name).metadata().checksum()).orElse(OptionalLong.empty());
    return new Mirror(authority, mirror, position, checksum, copied);
  }

  /**
   * TXIDs say nothing across databases: what lies there may be another one's, or of the time before
   * the first destination lost everything.
   */
  private static void assureCopyOf(ReplicaClient authority, ReplicaClient mirror) {
    Optional<byte[]> marker = authority.readDocument(RootMarker.NAME);
    if (marker.isEmpty()) {
      return;
    }
    String database = RootMarker.parse(marker.get(), authority.url()).databaseId();
    Optional<byte[]> known = mirror.readDocument(COPY_OF);
    for (byte[] document :
        Stream.concat(known.stream(), mirror.readDocument(RootMarker.NAME).stream()).toList()) {
      if (!RootMarker.parse(document, mirror.url()).databaseId().equals(database)) {
        throw diverged(
            mirror,
            "it holds another replica than the first destination: of another database, or of the"
                + " time before the first one was begun anew");
      }
    }
    if (known.isEmpty()) {
      mirror.writeDocument(COPY_OF, marker.get(), WriteMode.REPLACE);
    }
  }

  /** The last TXID that this destination holds. */
  public Txid position() {
    return position;
  }

  /**
   * Copies everything up to {@code acknowledged}; on an exception {@link #position} says how far it
   * came.
   */
  public void bringTo(Txid acknowledged) throws IOException {
    while (position.isBefore(acknowledged)) {
      Txid next = position.next();
      ObjectInfo stored;
      try {
        stored = copyNext(LtxName.batch(next));
      } catch (NotFound e) {
        stored = copyNext(covering(next, acknowledged));
      }
      position = stored.name().max();
      checksum = stored.metadata().checksum();
      copied.accept(stored);
    }
  }

  /**
   * Copies the first destination's newest snapshot when this one lacks it, for a compaction that
   * can't go on without; one LIST.
   *
   * @return whether there was a new one
   */
  public boolean copySnapshot() throws IOException {
    Optional<LtxName> newest =
        names(authority, LtxName.SNAPSHOT_LEVEL)
            .filter(name -> !name.max().isAfter(position))
            .max(Comparator.comparing(LtxName::max));
    if (newest.isEmpty() || isThere(newest.get())) {
      return false;
    }
    copied.accept(copy(authority.stat(newest.get())));
    return true;
  }

  private boolean isThere(LtxName name) {
    try {
      mirror.stat(name);
      return true;
    } catch (NotFound e) {
      return false;
    }
  }

  /**
   * An object without pages leaves the database as it was. If it records another state, what comes
   * before it is not in this destination: a first destination that lost everything began anew. So
   * it may have where no state is recorded, unless the object is a mere claim.
   */
  private ObjectInfo copyNext(LtxName name) throws IOException {
    ObjectInfo source = authority.stat(name);
    OptionalLong recorded = source.metadata().checksum();
    boolean isUnknown = checksum.isEmpty() || recorded.isEmpty();
    boolean isOther =
        isUnknown ? name.level() > 0 && !position.isZero() : !recorded.equals(checksum);
    if (source.sizeBytes() == LtxWriter.EMPTY_FILE_BYTES && isOther) {
      throw diverged(
          mirror,
          "the first destination was begun anew after " + position + ", which is kept here");
    }
    return copy(source);
  }

  private ObjectInfo copy(ObjectInfo source) throws IOException {
    LtxName name = source.name();
    try {
      return mirror.write(
          name,
          source.metadata(),
          WriteMode.CREATE,
          source.sizeBytes(),
          out -> {
            try (InputStream in = authority.open(name, 0, 0)) {
              in.transferTo(out);
            }
          });
    } catch (PreconditionFailed e) {
      if (!isSame(authority, mirror, name)) {
        throw diverged(mirror, name + " is there already, and is another object");
      }
      return mirror.stat(name);
    }
  }

  /**
   * An object of the lowest level that goes on from {@code next}: the batch itself has left the
   * first destination. What was begun anew shows there first.
   */
  private LtxName covering(Txid next, Txid acknowledged) {
    return IntStream.rangeClosed(1, LtxName.SNAPSHOT_LEVEL)
        .boxed()
        .flatMap(level -> names(authority, level))
        .filter(name -> !name.min().isAfter(next) && !name.max().isBefore(next))
        .filter(name -> !name.max().isAfter(acknowledged))
        .min(Comparator.comparingInt(LtxName::level).thenComparing(LtxName::max, reverseOrder()))
        .orElseThrow(() ->
            new Refused(
                authority.url() + ": TXID " + next + " is in no object; copy it from a snapshot"));
  }

  private static Optional<LtxName> newest(ReplicaClient client) {
    return IntStream.rangeClosed(0, LtxName.SNAPSHOT_LEVEL)
        .boxed()
        .flatMap(level -> names(client, level))
        .max(Comparator.comparing(LtxName::max).thenComparing(LtxName::min));
  }

  private static Stream<LtxName> names(ReplicaClient client, int level) {
    Stream.Builder<LtxName> names = Stream.builder();
    Iterator<ObjectInfo> objects = client.list(level, Txid.ZERO, false);
    objects.forEachRemaining(object -> names.add(object.name()));
    return names.build();
  }

  /**
   * Whether both hold the same object, by size and by the checksums at its end. Absent in the first
   * counts as same.
   */
  private static boolean isSame(ReplicaClient authority, ReplicaClient mirror, LtxName name) {
    try {
      long size = authority.stat(name).sizeBytes();
      return size == mirror.stat(name).sizeBytes()
          && Arrays.equals(trailer(authority, name, size), trailer(mirror, name, size));
    } catch (NotFound e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static byte[] trailer(ReplicaClient client, LtxName name, long size) throws IOException {
    try (InputStream in = client.open(name, size - TRAILER_BYTES, TRAILER_BYTES)) {
      return in.readNBytes(TRAILER_BYTES);
    }
  }

  private static Refused diverged(ReplicaClient mirror, String why) {
    return new Refused(
        "Diverged: "
            + mirror.url()
            + ": "
            + why
            + "; empty it, or make it the first destination by name");
  }
}
