package dev.tidewal.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PositionTest {
  @Test
  void textFormIsThirtyThreeCharactersAndReadsBack() {
    Position position = new Position(new Txid(0x2a), 0x8a249272ad9f7deaL);

    assertThat(position).hasToString("000000000000002a/8a249272ad9f7dea");
    assertThat(Position.parse(position.toString())).contains(position);
  }

  @Test
  void anythingElseIsNotAPosition() {
    assertThat(Position.parse("2a/8a")).isEmpty();
    assertThat(Txid.parse("000000000000002g")).isEmpty();
    assertThat(Txid.parse("ffffffffffffffff")).isEmpty();
  }
}
