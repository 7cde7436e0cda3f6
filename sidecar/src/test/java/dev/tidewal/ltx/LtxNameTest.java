package dev.tidewal.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Txid;
import org.junit.jupiter.api.Test;

class LtxNameTest {
  @Test
  void fileNameReadsBack() {
    LtxName name = new LtxName(1, new Txid(2), new Txid(0x1f));

    assertThat(name.fileName()).isEqualTo("0000000000000002-000000000000001f.ltx");
    assertThat(LtxName.parse(1, name.fileName())).contains(name);
  }

  @Test
  void aForeignFileNameIsNotAnLtxName() {
    assertThat(LtxName.parse(0, "replica.json")).isEmpty();
    assertThat(LtxName.parse(0, "0000000000000003-0000000000000002.ltx")).isEmpty();
    assertThat(LtxName.parse(0, "0000000000000002-0000000000000003.ltx.tmp")).isEmpty();
  }
}
