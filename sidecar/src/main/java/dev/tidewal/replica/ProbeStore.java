package dev.tidewal.replica;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.util.Optional;

/**
 * What the probe needs of a store beyond {@link ReplicaClient}, which hides some of it on purpose.
 */
interface ProbeStore {
  /** Creates an object by a multipart upload of one part, without looking first. */
  ObjectInfo createMultipart(LtxName name, byte[] bytes);

  /** The first key that the store itself shows when asked to start at {@code seek}. */
  Optional<LtxName> firstListed(int level, Txid seek);
}
