package dev.tidewal.restore;

import dev.tidewal.core.Position;
import java.time.Duration;
import java.util.List;

/**
 * What a restore did.
 *
 * @param plan the plan that was carried out in the end
 * @param position TXID and rolling checksum of the restored database
 * @param checksumCompared whether the replica had recorded a checksum to compare with
 * @param pageSize bytes
 * @param databaseBytes size of the restored file
 * @param downloadedBytes bytes read from the replica, repeated ones included
 * @param replans why earlier plans were given up, one line each
 * @param integrityCheck the check that SQLite passed
 */
public record RestoreReport(
    RestorePlan plan,
    Position position,
    boolean checksumCompared,
    int pageSize,
    long databaseBytes,
    long downloadedBytes,
    Duration duration,
    List<String> replans,
    IntegrityCheck integrityCheck) {
  public RestoreReport {
    replans = List.copyOf(replans);
  }
}
