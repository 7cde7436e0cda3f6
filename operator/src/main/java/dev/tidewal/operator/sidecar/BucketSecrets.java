package dev.tidewal.operator.sidecar;

import dev.tidewal.crds.CosiSpec;
import dev.tidewal.operator.sidecar.Layout.Slot;
import java.util.Map;
import java.util.Optional;

/**
 * Names of the Secrets with the credentials of COSI buckets.
 *
 * <p>An access that we make has two names in turn, which a pod mounts from its first moment: its
 * rotation needs no restart. Of another's access there is the one name that it has.
 */
public final class BucketSecrets {
  private BucketSecrets() {}

  /**
   * The Secret behind a slot; empty where this destination has none there.
   *
   * @param accessSecrets of each BucketAccess that is there, the name of its Secret
   * @throws IllegalArgumentException when the access that is named is not there
   */
  public static Optional<String> secret(
      String replication,
      String destination,
      CosiSpec cosi,
      Slot slot,
      Map<String, String> accessSecrets) {
    if (cosi.secretName() != null) {
      return slot == Slot.A ? Optional.of(cosi.secretName()) : Optional.empty();
    }
    if (cosi.bucketAccessName() != null) {
      String secret = accessSecrets.get(cosi.bucketAccessName());
      if (secret == null) {
        throw new IllegalArgumentException(
            "destination "
                + destination
                + ": there is no BucketAccess "
                + cosi.bucketAccessName()
                + " yet: create it first, or correct bucketAccessName");
      }
      return slot == Slot.A ? Optional.of(secret) : Optional.empty();
    }
    return Optional.of(created(replication, destination, slot));
  }

  /** The Secret, and the BucketAccess, that the operator makes for a slot. */
  public static String created(String replication, String destination, Slot slot) {
    return replication + "-" + destination + "-" + slot.letter();
  }
}
