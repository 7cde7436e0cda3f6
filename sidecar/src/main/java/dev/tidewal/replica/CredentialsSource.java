package dev.tidewal.replica;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the credentials of a store come from, asked before each request. Safe for use by many
 * threads, and cheap.
 */
public interface CredentialsSource {
  /** The credentials as far as known; empty = the SDK's default chain. */
  Optional<StoreCredentials> current();

  /** Looks again, because the store refused: true when the credentials have changed. */
  boolean refresh();

  /** Credentials that don't change. */
  static CredentialsSource fixed(StoreCredentials credentials) {
    return new FixedCredentials(Optional.of(credentials));
  }

  /**
   * System properties, AWS environment variables, web identity (IRSA), the profile file, the
   * container's endpoint (ECS, EKS pod identity), the instance's.
   */
  static CredentialsSource defaultChain() {
    return FixedCredentials.CHAIN;
  }

  /**
   * Credentials read from files and read again when one of the files has changed (a Kubernetes
   * Secret that was rotated) or the store refused.
   *
   * @param files what to look at, at most once a second
   * @param reader reads them, the preferred first; the next one is used when the store refuses one,
   *     and the default chain when there is none. When it fails, what was before stays in use
   */
  static CredentialsSource watching(List<Path> files, Supplier<List<StoreCredentials>> reader) {
    return new WatchedCredentials(files, reader, System::nanoTime);
  }
}
