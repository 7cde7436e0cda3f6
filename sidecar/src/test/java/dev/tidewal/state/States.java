package dev.tidewal.state;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.wal.WalPoint;
import java.time.Instant;
import java.util.Optional;

/** Acknowledged states for tests. */
final class States {
  private States() {}

  static Acknowledged at(long txid) {
    return at(txid, "0123456789abcdef0123456789abcdef");
  }

  static Acknowledged at(long txid, String owner) {
    return new Acknowledged(
        new Position(new Txid(txid), PageChecksum.FLAG | (txid * 0x9e3779b97f4a7c15L)),
        txid % 2 == 0
            ? Optional.empty()
            : Optional.of(new WalPoint(17, 18, 32 + 4120 * txid, 19, 20)),
        10 + txid,
        4096,
        new Txid(txid - 1),
        owner,
        PageChecksum.FLAG | txid,
        Instant.ofEpochMilli(1_700_000_000_000L + txid),
        "database-1",
        "cluster-1");
  }
}
