package dev.tidewal.fence;

import dev.tidewal.core.Position;

/**
 * The highest position that any witness recorded as acknowledged: a restore must reach it.
 *
 * <p>The local state's acknowledged position is a witness of its own and needs no mention here.
 */
public sealed interface Floor {
  /** Every witness answered, and none has recorded anything. */
  record None() implements Floor {}

  /**
   * The highest position that was recorded.
   *
   * @param witness who recorded it, as a user would call it
   */
  record At(Position position, String witness) implements Floor {
    public At {
      if (position.isNone()) {
        throw new IllegalArgumentException("a floor at nothing");
      }
    }
  }

  /** A witness did not answer, which is never the same as "no floor". */
  record Unknown(String witness) implements Floor {}

  static Floor none() {
    return new None();
  }

  static Floor at(Position position, String witness) {
    return new At(position, witness);
  }

  static Floor unknown(String witness) {
    return new Unknown(witness);
  }

  /** What two witnesses say together: the higher position; one that is silent leaves it unknown. */
  default Floor and(Floor other) {
    return switch (this) {
      case None none -> other;
      case Unknown unknown -> unknown;
      case At at ->
          switch (other) {
            case None none -> at;
            case Unknown unknown -> unknown;
            case At theirs -> theirs.position().txid().isAfter(at.position().txid()) ? theirs : at;
          };
    };
  }
}
