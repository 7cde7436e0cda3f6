package dev.tidewal.supervisor;

import dev.tidewal.database.LiveDatabase;
import dev.tidewal.fence.Chain;
import dev.tidewal.replicate.Gap;
import java.util.Optional;

/** What a start came to. */
sealed interface Launch {
  /** CamelCase word for status, as docs/recovery.md lists them. */
  String reason();

  /** One line for a person. */
  String message();

  /**
   * Replicate.
   *
   * @param chain empty while the store does not answer: it is asked for again and again
   * @param gap what has to be sent before the WAL is followed
   */
  record Run(String reason, String message, LiveDatabase database, Optional<Chain> chain, Gap gap)
      implements Launch {}

  /** There is nothing to restore, and the application has not made its file yet. */
  record AwaitFile(String reason, String message) implements Launch {}

  /** Not yet: the store or its credentials are awaited. */
  record Later(String reason, String message) implements Launch {}

  /** A person has to decide. */
  record Refused(String reason, String message) implements Launch {}

  /** Another owner has the replica. */
  record Fenced(String reason, String message) implements Launch {}
}
