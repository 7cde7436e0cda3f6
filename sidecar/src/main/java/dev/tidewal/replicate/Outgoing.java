package dev.tidewal.replicate;

import dev.tidewal.wal.WalPoint;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to become the next L0 object.
 *
 * @param source its pages
 * @param from where in the WAL they begin; empty when they are not a continuation (all pages, or a
 *     difference)
 * @param to the WAL point up to which the object holds everything; empty when there is no WAL yet
 * @param full whether {@code source} has every page of the database
 * @param walBytes WAL bytes that it carries
 * @param oldestCommit when its oldest commit was noticed
 * @param kind where the pages are meanwhile
 */
record Outgoing(
    PageSource source,
    Optional<WalPoint> from,
    Optional<WalPoint> to,
    boolean full,
    long walBytes,
    Instant oldestCommit,
    Kind kind) {
  /** Where the pages are while they wait. */
  enum Kind {
    /** Copied: the WAL may be sealed meanwhile. */
    MEMORY,
    /** In the WAL and the database file: the pin stays until the acknowledgement. */
    STREAM,
    /** In a spool file. */
    SPOOL
  }
}
