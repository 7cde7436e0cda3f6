package dev.tidewal.state;

import dev.tidewal.core.Txid;
import java.util.Map;
import java.util.Optional;

/**
 * How a process left a database when it stopped with nothing left to send: everything of {@code
 * txid} was in the database file, and the WAL held nothing more.
 *
 * @param txid the acknowledged position then
 * @param stamp of the database file; as long as it has the same, every later commit is in a WAL
 */
public record CleanStop(Txid txid, FileStamp stamp) {
  /** Whether this is about that position. */
  public boolean isAt(Txid position) {
    return txid.equals(position);
  }

  /** A record that can't be read proves nothing. */
  static Optional<CleanStop> parse(Map<String, String> lines) {
    return Optional.ofNullable(lines.get("txid"))
        .flatMap(Txid::parse)
        .flatMap(txid -> FileStamp.parse(lines).map(stamp -> new CleanStop(txid, stamp)));
  }
}
