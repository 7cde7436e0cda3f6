package dev.tidewal.legacy;

import java.time.Instant;

/** The state that a restore from generations is asked for. */
public sealed interface GenerationTarget {
  /** The newest state of the generation that was written last. */
  record Latest() implements GenerationTarget {}

  /** The newest state stored at or before a moment. */
  record AtTime(Instant time) implements GenerationTarget {}

  /** The newest state of one generation. */
  record InGeneration(String generation) implements GenerationTarget {}

  /** The state of one generation after all that is stored of one WAL. */
  record AtIndex(String generation, long index) implements GenerationTarget {}
}
