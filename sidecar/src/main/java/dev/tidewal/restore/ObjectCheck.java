package dev.tidewal.restore;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.io.IOException;
import java.util.function.LongConsumer;

/** What can be said of one object by itself. */
final class ObjectCheck {
  private ObjectCheck() {}

  /**
   * Reads an object to its end and verifies everything that the format can verify.
   *
   * @throws Corrupt when it is damaged, or holds other TXIDs than its name says
   */
  static LtxSummary read(ReplicaClient client, ObjectInfo object, LongConsumer progress)
      throws IOException {
    ResumingStream in = new ResumingStream(client, object, 0, object.sizeBytes(), progress);
    try (LtxReader reader = new LtxReader(in, object.name().toString())) {
      requireName(object, reader.header());
      return reader.finish();
    }
  }

  static void requireName(ObjectInfo object, LtxHeader header) {
    if (!header.minTxid().equals(object.name().min())
        || !header.maxTxid().equals(object.name().max())) {
      String found = header.minTxid() + " to " + header.maxTxid();
      throw new Corrupt(object.name() + " holds TXIDs " + found + ", not those of its name");
    }
  }
}
