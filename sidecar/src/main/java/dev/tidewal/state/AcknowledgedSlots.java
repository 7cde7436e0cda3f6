package dev.tidewal.state;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.wal.WalPoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code acknowledged}: two slots, 4 KiB apart, written in turn.
 *
 * <p>A slot is magic, format, sequence, length, payload, CRC-32C of all before. A torn write ruins
 * the slot that is being written and never the other one, so what is read is the last state whose
 * sync returned, or the one after it. docs/formats.md has the bytes. Not thread-safe.
 */
final class AcknowledgedSlots implements Closeable {
  static final int SLOT_DISTANCE = 4096;
  static final int SLOT_SIZE = 1024;
  private static final int MAGIC = 0x54574131; // TWA1
  private static final int FORMAT = 1;
  private static final int HEAD = 4 + 4 + 8 + 4;

  private final StateFile file;
  private long sequence;
  private @Nullable Acknowledged newest;

  private AcknowledgedSlots(StateFile file) {
    this.file = file;
  }

  /** What a file of slots turned out to hold. */
  record Found(AcknowledgedSlots slots, boolean damaged) {}

  /**
   * Opens the file and reads its newest good slot. {@code damaged}: there was something in it, and
   * no slot is good.
   */
  static Found open(Path path) throws IOException {
    AcknowledgedSlots slots = new AcknowledgedSlots(StateFile.open(path));
    boolean written = false;
    for (int index = 0; index < 2; index++) {
      byte[] bytes = slots.readSlot(index);
      written |= !isBlank(bytes);
      Slot slot = read(bytes).orElse(null);
      if (slot != null && slot.sequence() > slots.sequence) {
        slots.sequence = slot.sequence();
        slots.newest = slot.state();
      }
    }
    if (slots.newest == null && !written) {
      slots.reserve();
    }
    return new Found(slots, slots.newest == null && written);
  }

  /** The newest good slot of a file that another process may be writing. */
  static Optional<Acknowledged> peek(Path path) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    byte[] padded = Arrays.copyOf(bytes, SLOT_DISTANCE + SLOT_SIZE);
    return Stream.of(0, SLOT_DISTANCE)
        .flatMap(from -> read(Arrays.copyOfRange(padded, from, from + SLOT_SIZE)).stream())
        .max(Comparator.comparingLong(Slot::sequence))
        .map(Slot::state);
  }

  Optional<Acknowledged> newest() {
    return Optional.ofNullable(newest);
  }

  /** Writes the slot that holds the older state, and syncs. */
  void write(Acknowledged state) throws IOException {
    byte[] slot = encode(state, sequence + 1);
    file.write(ByteBuffer.wrap(slot), offset(sequence + 1));
    file.sync();
    sequence++;
    newest = state;
  }

  /** Back to two blank slots. */
  void clear() throws IOException {
    reserve();
    sequence = 0;
    newest = null;
  }

  /** Where the slot of a sequence number begins in the file. */
  static long offset(long sequence) {
    return (sequence & 1) * SLOT_DISTANCE;
  }

  private byte[] readSlot(int index) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT_SIZE);
    file.read(slot, (long) index * SLOT_DISTANCE);
    return slot.array();
  }

  private record Slot(long sequence, Acknowledged state) {}

  private static Optional<Slot> read(byte[] slot) {
    ByteBuffer buffer = ByteBuffer.wrap(slot);
    if (buffer.getInt() != MAGIC || buffer.getInt() != FORMAT) {
      return Optional.empty();
    }
    long sequence = buffer.getLong();
    int length = buffer.getInt();
    if (length < 0
        || length > SLOT_SIZE - HEAD - 4
        || buffer.getInt(HEAD + length) != crc(slot, HEAD + length)) {
      return Optional.empty();
    }
    return decode(new DataInputStream(new ByteArrayInputStream(slot, HEAD, length)))
        .map(state -> new Slot(sequence, state));
  }

  /** The file gets its full size once, so that later writes sync data only. */
  private void reserve() throws IOException {
    file.write(ByteBuffer.allocate(SLOT_DISTANCE + SLOT_SIZE), 0);
    file.sync();
    SmallFile.syncNameOf(file.path());
  }

  private static boolean isBlank(byte[] slot) {
    for (byte b : slot) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  static byte[] encode(Acknowledged state, long sequence) {
    byte[] payload = payload(state);
    if (payload.length > SLOT_SIZE - HEAD - 4) {
      throw new IllegalArgumentException("state of " + payload.length + " bytes");
    }
    ByteBuffer slot = ByteBuffer.allocate(SLOT_SIZE);
    slot.putInt(MAGIC).putInt(FORMAT).putLong(sequence).putInt(payload.length).put(payload);
    slot.putInt(crc(slot.array(), HEAD + payload.length));
    return slot.array();
  }

  private static byte[] payload(Acknowledged state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(state.position().txid().value());
      out.writeLong(state.position().checksum());
      writeWal(out, state.wal());
      out.writeLong(state.commit());
      out.writeInt(state.pageSize());
      out.writeLong(state.backfilled().value());
      out.writeUTF(state.owner());
      out.writeLong(state.fileChecksum());
      out.writeLong(state.timestamp().toEpochMilli());
      out.writeUTF(state.databaseId());
      out.writeUTF(state.clusterId());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void writeWal(DataOutputStream out, Optional<WalPoint> wal) throws IOException {
    out.writeLong(wal.map(WalPoint::offset).orElse(0L));
    out.writeInt(wal.map(WalPoint::salt1).orElse(0));
    out.writeInt(wal.map(WalPoint::salt2).orElse(0));
    out.writeInt(wal.map(WalPoint::checksum1).orElse(0));
    out.writeInt(wal.map(WalPoint::checksum2).orElse(0));
  }

  /** Offset 0: the state was not read from a WAL. */
  private static Optional<WalPoint> readWal(DataInputStream in) throws IOException {
    long offset = in.readLong();
    int salt1 = in.readInt();
    int salt2 = in.readInt();
    int checksum1 = in.readInt();
    int checksum2 = in.readInt();
    return offset == 0
        ? Optional.empty()
        : Optional.of(new WalPoint(salt1, salt2, offset, checksum1, checksum2));
  }

  /** Empty when a payload with a good CRC can't be a state: written by a version with a defect. */
  private static Optional<Acknowledged> decode(DataInputStream in) {
    try (in) {
      Position position = new Position(new Txid(in.readLong()), in.readLong());
      Optional<WalPoint> wal = readWal(in);
      return Optional.of(
          new Acknowledged(
              position,
              wal,
              in.readLong(),
              in.readInt(),
              new Txid(in.readLong()),
              in.readUTF(),
              in.readLong(),
              Instant.ofEpochMilli(in.readLong()),
              in.readUTF(),
              in.readUTF()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
