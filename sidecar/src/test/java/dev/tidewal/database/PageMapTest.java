package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PageMapTest {
  @Test
  void theNewestFrameOfAPageCounts() {
    PageMap map = new PageMap();
    map.add(5, PageMap.frame(0));
    map.add(3, PageMap.frame(1));
    map.add(5, PageMap.frame(2));
    map.commit();
    map.finish();

    assertThat(map.size()).isEqualTo(2);
    assertThat(map.pgno(0)).isEqualTo(3);
    assertThat(map.pgno(1)).isEqualTo(5);
    assertThat(PageMap.frameIndex(map.place(1))).isEqualTo(2);
  }

  @Test
  void framesOfTheWalAreNewerThanMemoryAndThatThanTheDatabaseFile() {
    PageMap map = new PageMap();
    map.add(1, PageMap.frame(0));
    map.add(1, PageMap.memory(7));
    map.add(2, PageMap.memory(0));
    map.add(2, PageMap.DATABASE);
    map.commit();
    map.finish();

    assertThat(PageMap.isFrame(map.place(0))).isTrue();
    assertThat(PageMap.memoryIndex(map.place(1))).isZero();
  }

  @Test
  void whatWasNotCommittedIsForgotten() {
    PageMap map = new PageMap();
    map.add(1, PageMap.frame(0));
    map.commit();
    map.add(2, PageMap.frame(1));
    map.finish();

    assertThat(map.size()).isEqualTo(1);
  }

  @Test
  void pageNumbersAreUnsigned() {
    PageMap map = new PageMap();
    map.add(4_294_967_294L, PageMap.frame(0));
    map.add(1, PageMap.frame(1));
    map.add(2_147_483_648L, PageMap.frame(2));
    map.commit();
    map.finish();

    assertThat(new long[] {map.pgno(0), map.pgno(1), map.pgno(2)})
        .containsExactly(1, 2_147_483_648L, 4_294_967_294L);
    assertThat(map.indexOf(3_000_000_000L)).isEqualTo(2);
    map.truncate(2_147_483_648L);
    assertThat(map.size()).isEqualTo(2);
  }

  @Test
  void itHoldsWhatASortedMapHolds() {
    long seed = System.nanoTime();
    System.out.println("PageMapTest seed " + seed);
    Random random = new Random(seed);
    PageMap map = new PageMap();
    TreeMap<Long, Long> model = new TreeMap<>();
    for (int frame = 0; frame < 300_000; frame++) {
      long pgno = 1 + (long) (Math.pow(random.nextDouble(), 3) * 50_000);
      map.add(pgno, PageMap.frame(frame));
      model.put(pgno, (long) frame);
      if (random.nextInt(100) == 0 || frame == 299_999) {
        map.commit();
      }
    }
    map.finish();

    assertThat(map.size()).isEqualTo(model.size());
    int index = 0;
    for (var entry : model.entrySet()) {
      assertThat(map.pgno(index)).isEqualTo(entry.getKey());
      assertThat(PageMap.frameIndex(map.place(index))).isEqualTo(entry.getValue());
      index++;
    }
  }
}
