package dev.tidewal.supervisor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Where an object is hit. */
enum Damage {
  HEADER,
  PAGE,
  INDEX,
  TRAILER,
  TRUNCATED;

  byte[] done(byte[] whole, Random random) {
    byte[] damaged = whole.clone();
    long indexBytes = ByteBuffer.wrap(whole).getLong(whole.length - 24);
    int indexAt = (int) (whole.length - 24 - indexBytes);
    int at =
        switch (this) {
          case HEADER -> random.nextInt(100);
          case PAGE -> 100 + random.nextInt(indexAt - 100);
          case INDEX -> indexAt + random.nextInt(whole.length - 16 - indexAt);
          case TRAILER -> whole.length - 16 + random.nextInt(16);
          case TRUNCATED -> random.nextInt(whole.length);
        };
    if (this == TRUNCATED) {
      return Arrays.copyOf(whole, at);
    }
    damaged[at] ^= (byte) (1 << random.nextInt(8));
    return damaged;
  }
}
