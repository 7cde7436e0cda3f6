package dev.tidewal.database;

import dev.tidewal.wal.WalPoint;
import java.util.Optional;

/**
 * An end of what was captured.
 *
 * @param place behind the last captured frame
 * @param point the same as a point; empty when no captured frame is left in the WAL
 * @param commit database size in pages there
 */
record Base(WalPlace place, Optional<WalPoint> point, long commit) {}
