package dev.tidewal.restore;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.core.TidewalException.StoreUnreachable;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads objects of a replica to their last byte and says of each whether it is intact, and of all
 * whether they form one chain. Writes nothing. Thread-safe.
 */
public final class ReplicaVerifier {
  private final ReplicaClient client;
  private final int objectsAtOnce;
  private final RestoreListener listener;

  /**
   * @param listener told the bytes that are read, and each object that is intact
   */
  public ReplicaVerifier(ReplicaClient client, int objectsAtOnce, RestoreListener listener) {
    this.client = client;
    this.objectsAtOnce = objectsAtOnce;
    this.listener = listener;
  }

  /**
   * Verifies every object of every level.
   *
   * @throws StoreUnreachable when the store can't be read
   */
  public VerifyReport everything() {
    List<ObjectInfo> listing = new ReplicaListing(client).read(RestoreTarget.LATEST);
    return verify(listing, listing);
  }

  /** Verifies the objects that a restore would read. */
  public VerifyReport plan(RestoreTarget target) {
    List<ObjectInfo> listing = new ReplicaListing(client).read(target);
    RestorePlan plan = RestorePlan.decide(listing, target).orThrow(client.url());
    return verify(listing, plan.files());
  }

  private VerifyReport verify(List<ObjectInfo> listing, List<ObjectInfo> objects) {
    listener.reading(objects.stream().mapToLong(ObjectInfo::sizeBytes).sum());
    List<ObjectVerdict> verdicts = Parallel.map(objects, objectsAtOnce, this::read);
    Set<LtxName> unusable =
        verdicts.stream()
            .filter(verdict -> !(verdict instanceof ObjectVerdict.Intact))
            .map(verdict -> verdict.object().name())
            .collect(Collectors.toSet());
    List<ObjectInfo> usable =
        listing.stream().filter(object -> !unusable.contains(object.name())).toList();
    Optional<SplitChain> split =
        SplitChain.inNames(listing).or(() -> SplitChain.inBatches(batches(verdicts)));
    return new VerifyReport(verdicts, RestorePlan.decide(usable, RestoreTarget.LATEST), split);
  }

  /** Batches of our own writers carry an owner and follow rules of their own. */
  private static List<SplitChain.Batch> batches(List<ObjectVerdict> verdicts) {
    return verdicts.stream()
        .filter(ObjectVerdict.Intact.class::isInstance)
        .map(ObjectVerdict.Intact.class::cast)
        .filter(intact -> intact.object().name().level() == 0)
        .filter(intact -> intact.object().metadata().owner().isEmpty())
        .map(intact -> batch(intact))
        .sorted(Comparator.comparing(SplitChain.Batch::name))
        .toList();
  }

  private static SplitChain.Batch batch(ObjectVerdict.Intact intact) {
    return new SplitChain.Batch(
        intact.object().name(), intact.summary().header(), intact.summary().pages());
  }

  private ObjectVerdict read(ObjectInfo object) {
    try {
      ObjectInfo known = client.stat(object.name());
      ResumingStream in = new ResumingStream(client, object, 0, object.sizeBytes(), listener::read);
      try (LtxReader reader = new LtxReader(in, object.name().toString())) {
        ObjectCheck.requireName(object, reader.header());
        long rolling = PageChecksum.FLAG;
        while (reader.next()) {
          rolling = PageChecksum.toggle(rolling, reader.pageChecksum());
        }
        LtxSummary summary = reader.finish();
        boolean compared = requireRecorded(known, rolling);
        listener.verified(object.name().toString());
        return new ObjectVerdict.Intact(known, summary, compared);
      }
    } catch (Corrupt e) {
      return new ObjectVerdict.Broken(object, String.valueOf(e.getMessage()));
    } catch (NotFound e) {
      return new ObjectVerdict.Gone(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A snapshot holds every page, so that it alone can be compared. */
  private static boolean requireRecorded(ObjectInfo object, long rolling) {
    OptionalLong recorded = object.metadata().checksum();
    if (!object.name().isSnapshot() || recorded.isEmpty()) {
      return false;
    }
    if (recorded.getAsLong() != rolling) {
      throw new Corrupt(
          object.name()
              + " has checksum "
              + HexFormat.of().toHexDigits(rolling)
              + ", its writer recorded "
              + HexFormat.of().toHexDigits(recorded.getAsLong()));
    }
    return true;
  }
}
