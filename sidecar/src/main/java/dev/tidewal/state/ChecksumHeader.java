package dev.tidewal.state;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The header of the page-checksum file: two slots written in turn, the newer good one counts.
 *
 * @param sequence of the newest good slot, 0 when there is none
 */
record ChecksumHeader(long sequence, PageChecksums.@Nullable At found) {
  static final ChecksumHeader NONE = new ChecksumHeader(0, null);
  static final int SLOT_DISTANCE = 2048;
  static final int SLOT_SIZE = 4 + 4 + 8 + 8 + 8 + 4 + 4 + 4 + 8 + 4;
  private static final int MAGIC = 0x54575031; // TWP1
  private static final int FORMAT = 1;

  Optional<PageChecksums.At> at() {
    return Optional.ofNullable(found);
  }

  static ChecksumHeader read(StateFile file) throws IOException {
    ChecksumHeader newest = NONE;
    for (int index = 0; index < 2; index++) {
      ByteBuffer slot = ByteBuffer.allocate(SLOT_SIZE);
      file.read(slot, (long) index * SLOT_DISTANCE);
      ChecksumHeader header = decode(slot.array());
      if (header.sequence > newest.sequence) {
        newest = header;
      }
    }
    return newest;
  }

  /** Writes the older slot and syncs. The entries must be synced before. */
  ChecksumHeader advance(StateFile file, PageChecksums.At to) throws IOException {
    long next = sequence + 1;
    file.write(encode(next, to), (next & 1) * SLOT_DISTANCE);
    file.sync();
    return new ChecksumHeader(next, to);
  }

  private static ByteBuffer encode(long sequence, PageChecksums.At at) {
    ByteBuffer slot = ByteBuffer.allocate(SLOT_SIZE);
    slot.putInt(MAGIC).putInt(FORMAT).putLong(sequence);
    slot.putLong(at.position().txid().value()).putLong(at.position().checksum());
    slot.putInt(at.salt1()).putInt(at.salt2()).putInt(at.pageSize()).putLong(at.commit());
    return slot.putInt(crc(slot.array())).flip();
  }

  private static ChecksumHeader decode(byte[] bytes) {
    ByteBuffer slot = ByteBuffer.wrap(bytes);
    if (slot.getInt() != MAGIC
        || slot.getInt() != FORMAT
        || slot.getInt(SLOT_SIZE - 4) != crc(bytes)) {
      return NONE;
    }
    return new ChecksumHeader(
        slot.getLong(),
        new PageChecksums.At(
            new Position(new Txid(slot.getLong()), slot.getLong()),
            slot.getInt(),
            slot.getInt(),
            slot.getInt(),
            slot.getLong()));
  }

  private static int crc(byte[] slot) {
    CRC32C crc = new CRC32C();
    crc.update(slot, 0, SLOT_SIZE - 4);
    return (int) crc.getValue();
  }
}
