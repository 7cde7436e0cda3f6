package dev.tidewal.ltx;

import java.io.IOException;
import java.io.InputStream;

/** Reads parts of a file: a ranged GET, or a file channel. */
@FunctionalInterface
public interface RangeSource {
  /**
   * The bytes from {@code offset} on.
   *
   * @param length how many, at least 1; never beyond the size that the file is known to have
   */
  InputStream open(long offset, long length) throws IOException;
}
