package dev.tidewal.compact;

import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.replica.ObjectInfo;
import java.time.Instant;
import java.util.Comparator;
import java.util.OptionalLong;

/**
 * One object of a replica, as planning needs to know it.
 *
 * @param sizeBytes {@link #UNKNOWN_SIZE} once it was merged into the next level
 * @param timestamp the LTX timestamp where it is known, else {@code modified}
 * @param modified the store's clock
 * @param checksum rolling checksum after the object's last TXID, where it is recorded and known
 */
public record LevelObject(
    LtxName name, long sizeBytes, Instant timestamp, Instant modified, OptionalLong checksum) {
  public static final long UNKNOWN_SIZE = -1;

  /** By level, then in the order of a listing. */
  static final Comparator<LevelObject> ORDER =
      Comparator.comparingInt((LevelObject object) -> object.name().level())
          .thenComparing(LevelObject::name);

  static LevelObject of(ObjectInfo info) {
    return new LevelObject(
        info.name(),
        info.sizeBytes(),
        info.metadata().timestamp().orElse(info.modified()),
        info.modified(),
        info.metadata().checksum());
  }

  /** A batch without pages. A claim is one; a cheap listing shows it by its size alone. */
  public boolean isClaim() {
    return name.level() == 0 && sizeBytes == LtxWriter.EMPTY_FILE_BYTES;
  }

  long first() {
    return name.min().value();
  }

  long last() {
    return name.max().value();
  }
}
