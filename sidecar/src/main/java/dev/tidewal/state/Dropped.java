package dev.tidewal.state;

import dev.tidewal.core.Txid;
import java.time.Instant;

/**
 * Commits were dropped from the local stream, because WAL and spool were full: the next capture
 * must be a difference.
 *
 * @param after the acknowledged TXID at that time
 */
public record Dropped(Txid after, Instant at) {}
