package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreReport;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Restores from damaged replicas of one database, and knows what is right: a state that the
 * database really had, at the TXID that was asked for, or at an earlier one that is named; or a
 * refusal that says where.
 */
final class RestoreJudge {
  private static final Pattern TXID_OR_KEY = Pattern.compile("[0-9a-f]{16}");

  private final NavigableMap<Txid, byte[]> states;
  private final Txid head;
  private final Path output;

  /**
   * @param states the database at each TXID that was looked at, the head among them
   * @param output where restores go
   */
  RestoreJudge(NavigableMap<Txid, byte[]> states, Path output) {
    this.states = states;
    this.head = states.lastKey();
    this.output = output;
  }

  /** What restores from one replica came to. */
  static final class Tally {
    int exact;
    int boundaries;
    int older;
    int refused;

    @Override
    public String toString() {
      return exact
          + " exact, "
          + boundaries
          + " at an earlier boundary, "
          + older
          + " older, "
          + refused
          + " refused";
    }
  }

  /** Takes each object away in turn, and restores its TXID, the latest and some others. */
  Tally removeEach(FragileReplica replica, Random random, int others) throws IOException {
    Tally tally = new Tally();
    List<LtxName> names = replica.names();
    for (LtxName name : names) {
      List<RestoreTarget> targets = new ArrayList<>(List.of(new RestoreTarget.AtTxid(name.max())));
      for (int i = 0; i < others; i++) {
        targets.add(someTxid(random, names));
      }
      replica.without(
          name,
          () -> {
            restore(replica.client(), RestoreTarget.LATEST, tally, isOnlyNewest(name, names));
            for (RestoreTarget target : targets) {
              restore(replica.client(), target, tally, false);
            }
          });
    }
    return tally;
  }

  /** Damages an object in one way, and restores its TXID, the latest and another one. */
  void damage(FragileReplica replica, LtxName name, Damage damage, Random random, Tally tally)
      throws IOException {
    RestoreTarget other = someTxid(random, replica.names());
    replica.with(
        name,
        damage.done(replica.read(name), random),
        () -> {
          restore(replica.client(), RestoreTarget.LATEST, tally, false);
          restore(replica.client(), new RestoreTarget.AtTxid(name.max()), tally, false);
          restore(replica.client(), other, tally, false);
        });
  }

  private static boolean isOnlyNewest(LtxName name, List<LtxName> names) {
    return names.stream().allMatch(other -> other.equals(name) || other.max().isBefore(name.max()));
  }

  /** Restores and judges. */
  void restore(ReplicaClient from, RestoreTarget target, Tally tally, boolean mayBeOlder)
      throws IOException {
    try {
      RestoreReport report =
          new Restorer(
                  from,
                  RestoreOptions.DEFAULT.withOverwrite(true).withParallelism(2),
                  RestoreListener.NONE)
              .restore(target, output);
      Txid reached = report.position().txid();
      Map.Entry<Txid, byte[]> real = states.floorEntry(reached);
      if (real == null || !Arrays.equals(Files.readAllBytes(output), real.getValue())) {
        fail(target + " gave a state at " + reached + " that never was");
      }
      Txid asked = target instanceof RestoreTarget.AtTxid at ? at.txid() : head;
      if (reached.equals(asked)) {
        tally.exact++;
      } else if (report.plan().boundary().isPresent()) {
        assertThat(reached).isLessThan(asked);
        tally.boundaries++;
      } else {
        assertThat(mayBeOlder).as("%s gave %s and did not say so", target, reached).isTrue();
        tally.older++;
      }
    } catch (TidewalException e) {
      assertThat(e.getMessage()).as("names the place").containsPattern(TXID_OR_KEY);
      assertThat(output.resolveSibling(output.getFileName() + "-wal")).doesNotExist();
      tally.refused++;
    }
  }

  /** One of those that the whole replica goes back to. */
  private RestoreTarget someTxid(Random random, List<LtxName> names) {
    Txid oldest =
        names.stream()
            .filter(LtxName::isSnapshot)
            .map(LtxName::max)
            .min(Txid::compareTo)
            .orElse(Txid.FIRST);
    List<Txid> known = new ArrayList<>(states.tailMap(oldest, true).keySet());
    return new RestoreTarget.AtTxid(known.get(random.nextInt(known.size())));
  }
}
