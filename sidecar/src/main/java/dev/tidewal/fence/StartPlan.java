package dev.tidewal.fence;

import dev.tidewal.core.Txid;
import dev.tidewal.state.Intent;
import java.util.Optional;

/**
 * What a starting sidecar does, given what it found. Every case has a documented cure in
 * docs/recovery.md.
 *
 * <p>Plans with {@link #claims} write the claim at exactly the TXID after the head they were
 * decided on, and nothing else, before anything that they name is done; the others write nothing to
 * the replica. The table is {@link StartRow}.
 */
public sealed interface StartPlan {
  /** The reason shown. */
  StartProblem problem();

  /** One line for a person: what, which database, and the cure where one is needed. */
  String message();

  /** The first snapshot, as TXID 1 with all pages, is the claim. */
  record FirstSnapshot(StartProblem problem, String message) implements StartPlan {}

  /**
   * The replica was lost and the local file is all there is: a full snapshot {@code 1..upTo}, above
   * everything that was ever acknowledged. {@link Claims#restart} does it.
   *
   * @param head what is left of the replica, empty for nothing
   */
  record RestartChain(
      StartProblem problem, String message, Optional<ReplicaHead.At> head, Txid upTo)
      implements StartPlan {}

  /** A plan that claims the TXID after a head; {@link Claims#claim}. */
  sealed interface OnHead extends StartPlan {
    /** What the plan was decided on. */
    ReplicaHead.At head();

    /** What the claim is for, when a crash after it must not be taken for a finished start. */
    Optional<Intent.Kind> intent();
  }

  /** No local file: restore the head, then run. */
  record Restore(StartProblem problem, String message, ReplicaHead.At head) implements OnHead {
    @Override
    public Optional<Intent.Kind> intent() {
      return Optional.of(Intent.Kind.RESTORE);
    }
  }

  /** Continue at the head's end in the WAL. */
  record Resume(StartProblem problem, String message, ReplicaHead.At head) implements OnHead {
    @Override
    public Optional<Intent.Kind> intent() {
      return Optional.empty();
    }
  }

  /** Upload the pages that differ, then follow. */
  record Resync(StartProblem problem, String message, ReplicaHead.At head) implements OnHead {
    @Override
    public Optional<Intent.Kind> intent() {
      return Optional.empty();
    }
  }

  /**
   * The same, although the histories differ: the replica's state at the head is protected from
   * retention as a branch.
   */
  record KeepLocal(StartProblem problem, String message, ReplicaHead.At head) implements OnHead {
    @Override
    public Optional<Intent.Kind> intent() {
      return Optional.of(Intent.Kind.KEEP_LOCAL);
    }
  }

  /** Keep the local file aside, restore the head, then run. Never beside an application. */
  record BringForward(StartProblem problem, String message, ReplicaHead.At head) implements OnHead {
    @Override
    public Optional<Intent.Kind> intent() {
      return Optional.of(Intent.Kind.RESTORE);
    }
  }

  /** Follow without uploading; decide and claim when the store answers. */
  record RunDegraded(StartProblem problem, String message) implements StartPlan {}

  /** Ask again later, for ever; the application doesn't start before there is an answer. */
  record Wait(StartProblem problem, String message) implements StartPlan {}

  /** A person has to decide. */
  record Refuse(StartProblem problem, String message) implements StartPlan {}

  /**
   * Stop as fenced, because an application runs here.
   *
   * @param problem why
   */
  record Fence(StartProblem problem, String message) implements StartPlan {}

  /** Decides. Pure. */
  static StartPlan decide(StartFacts facts) {
    return StartRow.of(facts).decide(facts);
  }

  /** Whether the plan begins with a claim. */
  default boolean claims() {
    return switch (this) {
      case OnHead plan -> true;
      case FirstSnapshot plan -> true;
      case RestartChain plan -> true;
      case RunDegraded plan -> false;
      case Wait plan -> false;
      case Refuse plan -> false;
      case Fence plan -> false;
    };
  }
}
