package dev.tidewal.database;

/**
 * A place in the stream of a followed database: in which generation of the WAL, behind how many
 * frames. Generations count the restarts that we saw, so places are ordered where salts are not.
 */
record WalPlace(long generation, long frames) implements Comparable<WalPlace> {
  static final WalPlace NONE = new WalPlace(0, 0);

  boolean isAtLeast(WalPlace other) {
    return compareTo(other) >= 0;
  }

  /** The beginning of the same generation. */
  WalPlace start() {
    return new WalPlace(generation, 0);
  }

  @Override
  public int compareTo(WalPlace other) {
    int byGeneration = Long.compare(generation, other.generation);
    return byGeneration != 0 ? byGeneration : Long.compare(frames, other.frames);
  }
}
