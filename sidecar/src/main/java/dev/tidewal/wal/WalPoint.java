package dev.tidewal.wal;

/**
 * A place in a WAL behind a frame (or behind the header), and what is needed to go on from there
 * without reading anything before it.
 *
 * @param salt1 first salt of the WAL's header
 * @param salt2 second salt
 * @param offset bytes from the start of the file, at least {@link WalHeader#SIZE}; beyond 4 GiB too
 * @param checksum1 first word of the running checksum up to here
 * @param checksum2 second word
 */
public record WalPoint(int salt1, int salt2, long offset, int checksum1, int checksum2) {
  public WalPoint {
    if (offset < WalHeader.SIZE) {
      throw new IllegalArgumentException("offset inside the WAL header: " + offset);
    }
  }

  /** Whether both lie in the same generation of the WAL, between two restarts. */
  public boolean hasSaltsOf(WalPoint other) {
    return salt1 == other.salt1 && salt2 == other.salt2;
  }

  /** Whether no frame lies before this point. */
  public boolean isStart() {
    return offset == WalHeader.SIZE;
  }
}
