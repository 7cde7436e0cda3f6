package dev.tidewal.fence;

import dev.tidewal.core.Txid;
import dev.tidewal.fence.Choice.Side;
import dev.tidewal.state.Intent;
import java.util.Arrays;
import java.util.Optional;

/**
 * The rows of the start table, in their order: the first that fits wins. DESIGN section 5 and
 * docs/recovery.md.
 *
 * <p>Beside a running application every refusal, and every row in which someone else wrote the head
 * last, becomes {@link StartPlan.Fence}, unless a user chose by name.
 */
enum StartRow {
  FENCED_IN_THIS_POD("this pod was fenced before") {
    @Override
    boolean fits(StartFacts f) {
      return f.state().fenced().isPresent();
    }

    @Override
    StartPlan plan(StartFacts f) {
      return new StartPlan.Fence(
          StartProblem.FENCED,
          f.database()
              + ": fenced before in this pod's life ("
              + f.state().fenced().orElseThrow()
              + "); delete the pod to let a new one decide");
    }
  },

  REPLICA_LOST(
      "local file whose position reaches the floor, replica empty, below it, or emptied meanwhile") {
    @Override
    boolean fits(StartFacts f) {
      return f.isAnswered() && f.isFileTrusted() && f.holdsFloor() && f.isBelowFloor();
    }

    @Override
    StartPlan plan(StartFacts f) {
      return restart(f);
    }
  },

  DATA_MISSING(
      "no local file, but a state or a floor says there was data; replica empty or below it") {
    @Override
    boolean fits(StartFacts f) {
      return f.isAnswered() && !f.hasFile() && f.isDataExpected() && f.isBelowFloor();
    }

    @Override
    StartPlan plan(StartFacts f) {
      return new StartPlan.Refuse(
          f.hasHead() ? StartProblem.BELOW_FLOOR : StartProblem.REPLICA_LOST,
          f.database()
              + " is missing and "
              + StartMessages.shortOfFloor(f)
              + "; restore from another destination, or accept the loss with --accept-txid "
              + f.headTxid());
    }
  },

  FRESH("nothing local, no state, nothing remote, no floor, store answered") {
    @Override
    boolean fits(StartFacts f) {
      return f.isAnswered() && !f.hasFile() && !f.hasHead();
    }

    @Override
    StartPlan plan(StartFacts f) {
      return new StartPlan.FirstSnapshot(
          StartProblem.FRESH,
          f.database() + ": nothing here and nothing in " + f.replica() + "; starting fresh");
    }
  },

  FIRST_REPLICATION("local file, no state, nothing remote") {
    @Override
    boolean fits(StartFacts f) {
      return f.isAnswered()
          && f.isFileTrusted()
          && !f.hasState()
          && !f.hasHead()
          && f.highestFloor() instanceof Floor.None;
    }

    @Override
    StartPlan plan(StartFacts f) {
      return new StartPlan.FirstSnapshot(
          StartProblem.ADOPTED,
          f.database() + ": first snapshot to the empty replica " + f.replica());
    }
  },

  RESTORED("nothing local, replica there and at or above the floor") {
    @Override
    boolean fits(StartFacts f) {
      return f.isAnswered() && !f.hasFile() && f.hasHead() && !f.isBelowFloor();
    }

    @Override
    StartPlan plan(StartFacts f) {
      return new StartPlan.Restore(
          StartProblem.RESTORED,
          f.database() + ": restoring " + f.headTxid() + " from " + f.replica(),
          head(f));
    }
  },

  RESUMED("local file and state, we were the last owner, continuity proven") {
    @Override
    boolean fits(StartFacts f) {
      return wasLastOwner(f)
          && !f.isIntended(Intent.Kind.KEEP_LOCAL)
          && f.atHead() instanceof Continuity.Proven;
    }

    @Override
    StartPlan plan(StartFacts f) {
      return new StartPlan.Resume(
          StartProblem.RESUMED,
          f.database() + ": continuing after " + f.headTxid() + " in " + f.replica(),
          head(f));
    }
  },

  RESYNCED("the same, unproven, head <= recorded position + 1, history not forked") {
    @Override
    boolean fits(StartFacts f) {
      return wasLastOwner(f)
          && f.isAtMostOneAhead()
          && !f.isIntended(Intent.Kind.KEEP_LOCAL)
          && f.atHead() instanceof Continuity.Unproven;
    }

    @Override
    StartPlan plan(StartFacts f) {
      return new StartPlan.Resync(
          StartProblem.RESYNCED,
          f.database()
              + ": the WAL was restarted since "
              + f.headTxid()
              + "; uploading the pages that differ",
          head(f));
    }
  },

  DIVERGED_KEPT_LOCAL("the same, forked history") {
    @Override
    boolean fits(StartFacts f) {
      return wasLastOwner(f)
          && f.isAtMostOneAhead()
          && ((f.isIntended(Intent.Kind.KEEP_LOCAL) && !(f.atHead() instanceof Continuity.Behind))
              || (f.atHead() instanceof Continuity.Forked && !f.isOlderByContent()));
    }

    @Override
    StartPlan plan(StartFacts f) {
      return keepLocal(f, StartMessages.forked(f));
    }
  },

  LOCAL_BEHIND(
      "local file and state, an ancestor of the head: same salts and the WAL ends before the head's"
          + " end (power loss), or its checksums are the recorded state of an older position") {
    @Override
    boolean fits(StartFacts f) {
      return f.isAnswered()
          && f.hasFile()
          && f.hasState()
          && f.hasHead()
          && !f.isBelowFloor()
          && !(f.isIntended(Intent.Kind.RESTORE) && f.choice().keeps(Side.LOCAL))
          && (f.isIntended(Intent.Kind.RESTORE)
              || f.atHead() instanceof Continuity.Behind
              || f.isOlderByContent());
    }

    @Override
    StartPlan plan(StartFacts f) {
      if (!f.isBesideApplication()) {
        return bringForward(f, StartProblem.LOCAL_BEHIND, "is older than");
      }
      return f.isFileTrusted() && f.isOurs() && f.isAtMostOneAhead()
          ? keepLocal(f, StartMessages.behind(f))
          : new StartPlan.Refuse(StartProblem.LOCAL_BEHIND, StartMessages.behindRefused(f));
    }
  },

  ADOPTED(
      "local file equal to the head by content, or the newest L0 in its .<db>-litestream directory"
          + " equals the head's object") {
    @Override
    boolean fits(StartFacts f) {
      return f.isAnswered()
          && f.isFileTrusted()
          && f.hasHead()
          && !f.isBelowFloor()
          && (f.isHeadByContent() || f.wroteHead());
    }

    @Override
    StartPlan plan(StartFacts f) {
      return new StartPlan.Resync(
          f.isHeadByContent() ? StartProblem.ADOPTED : StartProblem.ADOPTED_REPLICA,
          f.database()
              + (f.isHeadByContent() ? " equals " : " wrote ")
              + f.headTxid()
              + " of "
              + f.replica()
              + "; taking the replica over",
          head(f));
    }
  },

  DIVERGED("any other local file beside a replica") {
    @Override
    boolean fits(StartFacts f) {
      return f.isAnswered() && f.hasFile();
    }

    @Override
    StartPlan plan(StartFacts f) {
      if (f.choice().keeps(Side.LOCAL)) {
        return f.isBelowFloor() ? restart(f) : keepLocal(f, StartMessages.chosen(f));
      }
      if (f.choice().keeps(Side.REPLICA) && !f.isBelowFloor() && !f.isBesideApplication()) {
        return bringForward(f, StartProblem.DIVERGED, "gives way to");
      }
      return new StartPlan.Refuse(StartMessages.problem(f), StartMessages.diverged(f));
    }
  },

  RUN_DEGRADED("store unreachable, local file intact and we were the last owner") {
    @Override
    boolean fits(StartFacts f) {
      return f.head() instanceof ReplicaHead.Unreachable
          && f.isFileTrusted()
          && f.hasState()
          && f.isIntact();
    }

    @Override
    StartPlan plan(StartFacts f) {
      return degraded(f, unreachable(f));
    }
  },

  WAIT("store unreachable or no BucketInfo yet, no local file") {
    @Override
    boolean fits(StartFacts f) {
      return f.head() instanceof ReplicaHead.Unreachable;
    }

    @Override
    StartPlan plan(StartFacts f) {
      return waiting(f, unreachable(f));
    }
  },

  WITNESS_UNREACHABLE("a witness unreachable") {
    @Override
    boolean fits(StartFacts f) {
      return !f.isAnswered();
    }

    @Override
    StartPlan plan(StartFacts f) {
      boolean runs = f.isFileTrusted() && f.hasState() && f.isIntact();
      return runs
          ? degraded(f, StartProblem.WITNESS_UNREACHABLE)
          : waiting(f, StartProblem.WITNESS_UNREACHABLE);
    }
  };

  private final String found;

  StartRow(String found) {
    this.found = found;
  }

  /** What the row is for, as the table says it. */
  String found() {
    return found;
  }

  abstract boolean fits(StartFacts f);

  /** What the row does, before the application is taken into account. */
  abstract StartPlan plan(StartFacts f);

  static StartRow of(StartFacts facts) {
    return Arrays.stream(values()).filter(row -> row.fits(facts)).findFirst().orElseThrow();
  }

  StartPlan decide(StartFacts facts) {
    StartPlan plan = plan(facts);
    if (!facts.isBesideApplication()) {
      return plan;
    }
    if (plan instanceof StartPlan.Refuse refusal) {
      return new StartPlan.Fence(refusal.problem(), refusal.message());
    }
    boolean chosen = facts.choice().keeps(Side.LOCAL);
    return plan.claims() && facts.isStrangers() && !chosen
        ? new StartPlan.Fence(plan.problem(), StartMessages.strangers(facts))
        : plan;
  }

  private static boolean wasLastOwner(StartFacts f) {
    return f.isAnswered()
        && f.isFileTrusted()
        && f.hasState()
        && f.hasHead()
        && f.isOurs()
        && !f.isBelowFloor();
  }

  private static ReplicaHead.At head(StartFacts f) {
    return f.headAt().orElseThrow();
  }

  private static StartPlan keepLocal(StartFacts f, String message) {
    return new StartPlan.KeepLocal(StartProblem.DIVERGED_KEPT_LOCAL, message, head(f));
  }

  private static StartPlan bringForward(StartFacts f, StartProblem problem, String relation) {
    return new StartPlan.BringForward(problem, StartMessages.broughtForward(f, relation), head(f));
  }

  private static StartPlan restart(StartFacts f) {
    Txid floor = f.highestFloor() instanceof Floor.At at ? at.position().txid() : Txid.ZERO;
    Txid upTo = (floor.isAfter(f.headTxid()) ? floor : f.headTxid().next()).next();
    Optional<ReplicaHead.At> head = f.headAt();
    return new StartPlan.RestartChain(
        StartProblem.REPLICA_LOST, StartMessages.lost(f, upTo), head, upTo);
  }

  private static StartProblem unreachable(StartFacts f) {
    return f.head() instanceof ReplicaHead.Unreachable head
        ? head.problem()
        : StartProblem.STORE_UNREACHABLE;
  }

  private static StartPlan degraded(StartFacts f, StartProblem problem) {
    return new StartPlan.RunDegraded(
        problem,
        f.database() + ": " + StartMessages.silent(f) + "; following, and uploading later");
  }

  private static StartPlan waiting(StartFacts f, StartProblem problem) {
    return new StartPlan.Wait(
        problem,
        f.database()
            + ": "
            + StartMessages.silent(f)
            + "; waiting for it, because starting empty or alone could lose data");
  }
}
