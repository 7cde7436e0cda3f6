package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Instant;
import java.util.OptionalLong;

/** Objects for tests of planning: times are seconds after {@link #START}. */
final class Objects {
  /** On a boundary of every level. */
  static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

  private static final long CLAIM_BYTES = 131;

  private Objects() {}

  static Instant at(double seconds) {
    return START.plusMillis(Math.round(seconds * 1000));
  }

  static LevelObject batch(long txid, double second) {
    return object(LtxName.batch(new Txid(txid)), 4096, second);
  }

  static LevelObject claim(long txid, double second) {
    return object(LtxName.batch(new Txid(txid)), CLAIM_BYTES, second);
  }

  static LevelObject merged(int level, long first, long last, double second) {
    return object(new LtxName(level, new Txid(first), new Txid(last)), 8192, second);
  }

  static LevelObject snapshot(long txid, double second) {
    return merged(LtxName.SNAPSHOT_LEVEL, 1, txid, second);
  }

  static LevelObject object(LtxName name, long sizeBytes, double second) {
    return new LevelObject(name, sizeBytes, at(second), at(second), OptionalLong.empty());
  }
}
