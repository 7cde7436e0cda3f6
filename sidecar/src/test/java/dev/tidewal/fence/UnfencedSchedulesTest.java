package dev.tidewal.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.testing.FaultyReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer in a store that ignores conditions, in random schedules of commits, uploads, kills and
 * requests that are lost, unanswered, or take effect at any later time: what it reported as durable
 * stays in the replica, which is always exactly a state that the database had.
 *
 * <p>{@code -Dunfenced.seed=N} runs one schedule alone.
 */
class UnfencedSchedulesTest {
  private static final int SCHEDULES = 150;
  private static final int STEPS = 40;
  private static final int PAGES = 4;

  @TempDir private Path directory;

  @Test
  void whatIsDurableStaysWhateverArrivesLate() throws IOException {
    Long only = Long.getLong("unfenced.seed");
    for (long seed = 1; seed <= SCHEDULES; seed++) {
      if (only == null || only == seed) {
        new Schedule(seed, Files.createDirectory(directory.resolve("schedule-" + seed))).run();
      }
    }
  }

  private static final class Schedule {
    private final long seed;
    private final Random random;
    private final FaultyReplicaClient store;
    private final Sidecar sidecar;

    /** The page that each commit wrote; its number is what it wrote. */
    private final List<Integer> commits = new ArrayList<>();

    private @Nullable Chain chain;
    private int captured;
    private int durable;
    private boolean needsAll;

    Schedule(long seed, Path directory) throws IOException {
      this.seed = seed;
      this.random = new Random(seed * 0x9e3779b97f4a7c15L);
      this.store = new FaultyReplicaClient(new FileReplicaClient(directory.resolve("replica")));
      this.sidecar = new Sidecar(store, Files.createDirectory(directory.resolve("volume")));
      sidecar.fencing = Fencing.UNFENCED;
      for (int page = 0; page < PAGES; page++) {
        commits.add(page);
      }
    }

    void run() throws IOException {
      try {
        for (int i = 0; i < STEPS; i++) {
          step();
          check();
        }
        store.deliverLate();
        check();
      } finally {
        sidecar.close();
      }
    }

    private void step() throws IOException {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> commits.add(random.nextInt(PAGES));
        case 3 -> store.deliverLate();
        case 4 -> {
          if (random.nextInt(3) == 0) {
            kill();
          }
        }
        default -> write();
      }
    }

    private void kill() throws IOException {
      chain = null;
      sidecar.restart();
    }

    /** One request that changes something, and may go astray. */
    private void write() throws IOException {
      switch (random.nextInt(6)) {
        case 0 -> store.on(Operation.WRITE).times(1).unreachable();
        case 1 -> store.on(Operation.WRITE).times(1).loseAnswer();
        case 2, 3 -> store.on(Operation.WRITE).times(1).arriveLate();
        default -> {}
      }
      try {
        Chain current = chain;
        if (current == null) {
          claim();
        } else {
          append(current);
        }
      } catch (TidewalException.StoreUnreachable e) {
        // tried again, or found by the next start
      } finally {
        store.heal();
      }
    }

    private void claim() throws IOException {
      Chain claimed =
          switch (sidecar.head()) {
            case ReplicaHead.At head -> Sidecar.claimed(sidecar.claim(head));
            case ReplicaHead.Empty _ ->
                Sidecar.claimed(Claims.first(sidecar.context(), batch(0), sidecar.nanos.get()));
            case ReplicaHead.Unreachable silent -> throw new AssertionError(silent);
          };
      chain = claimed;
      needsAll = claimed.mustSendAll();
      captured = count(claimed.head());
      if (!needsAll) {
        durable = Math.max(durable, captured);
      }
    }

    private void append(Chain current) throws IOException {
      if (!needsAll && captured == commits.size()) {
        return;
      }
      boolean all = needsAll;
      switch (current.append(batch(all ? 0 : captured))) {
        case AppendResult.Appended(StoredBatch stored, long _) -> {
          captured = count(stored);
          if (all) {
            current.sentAll();
            needsAll = false;
          }
          durable = captured;
        }
        case AppendResult.Adopted(StoredBatch stored) -> {
          captured = count(stored);
          if (!needsAll) {
            durable = Math.max(durable, captured);
          }
        }
        case AppendResult.Passed _ -> {}
        case AppendResult.Lost lost -> throw new AssertionError(lost.why());
      }
    }

    private static int count(StoredBatch stored) {
      return (int) ((stored.end().orElseThrow().offset() - 32) / 536);
    }

    /** The pages of all commits from one on. */
    private Batch batch(int from) {
      Map<Integer, Integer> pages = pages(from, commits.size());
      return new Batch(
          PAGES,
          Sidecar.PAGE_SIZE,
          new WalSpan(32 + 536L * from, 536L * (commits.size() - from), 7, 8),
          Optional.of(Sidecar.point(commits.size())),
          1L << 63 | commits.size(),
          sidecar.wall,
          1 << 20,
          (header, out) -> {
            try (LtxWriter writer = new LtxWriter(out, header, sidecar.state.scratch())) {
              for (Map.Entry<Integer, Integer> page : pages.entrySet()) {
                byte[] bytes = new byte[Sidecar.PAGE_SIZE];
                Arrays.fill(bytes, (byte) (int) page.getValue());
                writer.page(page.getKey(), bytes, 0);
              }
              return writer.finish();
            }
          });
    }

    private Map<Integer, Integer> pages(int from, int to) {
      Map<Integer, Integer> pages = new TreeMap<>();
      for (int commit = from; commit < to; commit++) {
        pages.put(commits.get(commit) + 1, commit);
      }
      return pages;
    }

    private void check() throws IOException {
      Map<Integer, Integer> restored = restored();
      boolean isState = durable == 0;
      for (int count = durable; count <= commits.size() && !isState; count++) {
        isState = restored.equals(pages(0, count));
      }
      assertThat(isState)
          .as("seed %d: %s is a state from commit %d on", seed, restored, durable)
          .isTrue();
    }

    private Map<Integer, Integer> restored() throws IOException {
      Map<Integer, Integer> pages = new TreeMap<>();
      Iterator<ObjectInfo> objects = store.list(0, Txid.ZERO, false);
      while (objects.hasNext()) {
        LtxName name = objects.next().name();
        try (LtxReader reader = new LtxReader(store.open(name, 0, 0), name.toString())) {
          while (reader.next()) {
            pages.put((int) reader.pgno(), (int) reader.page()[0]);
          }
        }
      }
      return pages;
    }
  }
}
