package dev.tidewal.fence;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.LocalDatabase.Answer;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.Intent;
import dev.tidewal.wal.WalPoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a start may find, built up from "nothing anywhere". The replica's head is at TXID 100 unless
 * told otherwise; the page checksum of TXID n is 1000 + n.
 */
record Facts(
    LocalDatabase local,
    LocalState state,
    ReplicaHead head,
    Floor floor,
    Moment moment,
    Choice choice) {
  static final long HEAD = 100;

  static Facts nothing() {
    return new Facts(
        new LocalDatabase.Missing(),
        LocalState.ABSENT,
        new ReplicaHead.Empty(),
        Floor.none(),
        Moment.RESTORE_STEP,
        Choice.NONE);
  }

  StartFacts facts() {
    return new StartFacts(
        "/data/app.db", "s3://bucket/app", local, state, head, floor, moment, choice);
  }

  StartPlan decide() {
    return StartPlan.decide(facts());
  }

  StartRow row() {
    return StartRow.of(facts());
  }

  // --- replica ---

  Facts headOf(String owner) {
    return headAt(HEAD, Optional.of(owner), false);
  }

  /** The head was read from a WAL that came after everyone else's. */
  Facts headAfterRestart(String owner) {
    ReplicaHead.At at = (ReplicaHead.At) headOf(owner).head;
    return with(
        new ReplicaHead.At(
            at.object(),
            at.position(),
            at.owner(),
            new WalSpan(32, 536, 70, 80),
            Optional.of(new WalPoint(70, 80, 568, 5, 6)),
            at.commit(),
            at.pageSize(),
            at.timestamp(),
            at.fileChecksum(),
            at.isClaim()));
  }

  Facts headAt(long txid, Optional<String> owner, boolean claim) {
    return with(
        new ReplicaHead.At(
            LtxName.batch(new Txid(txid)),
            position(txid),
            owner,
            new WalSpan(point(txid - 1).offset(), 536, 7, 8),
            Optional.of(point(txid)),
            10,
            512,
            Instant.EPOCH,
            2000 + txid,
            claim));
  }

  Facts storeUnreachable() {
    return with(new ReplicaHead.Unreachable(StartProblem.STORE_UNREACHABLE, "connection refused"));
  }

  Facts noBucketYet() {
    return with(
        new ReplicaHead.Unreachable(StartProblem.BUCKET_NOT_READY, "no BucketInfo in /bucket"));
  }

  static Position position(long txid) {
    return new Position(new Txid(txid), 1000 + txid);
  }

  static WalPoint point(long txid) {
    return new WalPoint(7, 8, 32 + 536 * txid, (int) txid, 1);
  }

  // --- local file ---

  Facts file(LocalWal wal) {
    return with(
        new LocalDatabase.Present(true, wal, new LocalContent.NotRead(), Answer.NOT_ASKED, false));
  }

  /** A WAL with the head's beginning that goes on to {@code end}. */
  Facts fileUpTo(long end) {
    return file(wal(end));
  }

  static LocalWal wal(long end) {
    return new LocalWal.Present(
        point(end),
        java.util.stream.LongStream.rangeClosed(90, end).mapToObj(Facts::point).toList());
  }

  static LocalWal forkedWal() {
    return new LocalWal.Present(new WalPoint(7, 8, point(120).offset(), 0, 0), List.of());
  }

  static LocalWal restartedWal() {
    return new LocalWal.Present(new WalPoint(70, 80, 32, 0, 0), List.of());
  }

  Facts content(LocalContent content) {
    LocalDatabase.Present file = (LocalDatabase.Present) local;
    return with(
        new LocalDatabase.Present(
            file.intact(), file.wal(), content, file.sentPages(), file.wroteHead()));
  }

  Facts contentOf(long txid) {
    return content(new LocalContent.Read(1000 + txid, Optional.empty()));
  }

  Facts contentOfOlder(long txid) {
    return content(new LocalContent.Read(1000 + txid, Optional.of(position(txid))));
  }

  Facts sentPages(Answer answer) {
    LocalDatabase.Present file = (LocalDatabase.Present) local;
    return with(
        new LocalDatabase.Present(
            file.intact(), file.wal(), file.content(), answer, file.wroteHead()));
  }

  Facts wroteHead() {
    LocalDatabase.Present file = (LocalDatabase.Present) local;
    return with(
        new LocalDatabase.Present(
            file.intact(), file.wal(), file.content(), file.sentPages(), true));
  }

  // --- local state ---

  /** The state recorded {@code txid}; its pages are not all known to be in the database file. */
  Facts recorded(long txid) {
    return recorded(txid, false);
  }

  Facts recorded(long txid, boolean backfilled) {
    Acknowledged state =
        new Acknowledged(
            position(txid),
            Optional.of(point(txid)),
            10,
            512,
            new Txid(backfilled ? txid : txid - 5),
            "us",
            2000 + txid,
            Instant.EPOCH,
            "database",
            "");
    return with(
        new LocalState(
            Optional.of(state),
            false,
            isOurs(),
            this.state.headIsTriedClaim(),
            this.state.intent(),
            this.state.isUntouched(),
            this.state.fenced(),
            this.state.headIsRemnant()));
  }

  private boolean isOurs() {
    return head instanceof ReplicaHead.At at && at.owner().filter("us"::equals).isPresent();
  }

  /** The head is a claim that we tried, and whose outcome we never learnt. */
  Facts triedClaim() {
    return with(
        new LocalState(
            state.acknowledged(),
            state.isLost(),
            isOurs(),
            true,
            state.intent(),
            state.isUntouched(),
            state.fenced(),
            state.headIsRemnant()));
  }

  Facts ours() {
    return with(
        new LocalState(
            state.acknowledged(),
            state.isLost(),
            isOurs(),
            state.headIsTriedClaim(),
            state.intent(),
            state.isUntouched(),
            state.fenced(),
            state.headIsRemnant()));
  }

  Facts lostState() {
    return with(
        new LocalState(
            Optional.empty(),
            true,
            false,
            false,
            Optional.empty(),
            false,
            Optional.empty(),
            false));
  }

  Facts intent(Intent.Kind kind) {
    return with(
        new LocalState(
            state.acknowledged(),
            state.isLost(),
            state.headIsOurs(),
            state.headIsTriedClaim(),
            Optional.of(kind),
            state.isUntouched(),
            state.fenced(),
            state.headIsRemnant()));
  }

  Facts untouched() {
    return with(
        new LocalState(
            state.acknowledged(),
            state.isLost(),
            state.headIsOurs(),
            state.headIsTriedClaim(),
            state.intent(),
            true,
            state.fenced(),
            state.headIsRemnant()));
  }

  Facts fenced() {
    return with(
        new LocalState(
            state.acknowledged(),
            state.isLost(),
            state.headIsOurs(),
            state.headIsTriedClaim(),
            state.intent(),
            state.isUntouched(),
            Optional.of("another owner wrote 0000000000000065"),
            state.headIsRemnant()));
  }

  /** The replica was emptied, and our head is what was sent since. */
  Facts remnant() {
    return with(
        new LocalState(
            state.acknowledged(),
            state.isLost(),
            state.headIsOurs(),
            state.headIsTriedClaim(),
            state.intent(),
            state.isUntouched(),
            state.fenced(),
            true));
  }

  // --- the rest ---

  Facts floor(long txid) {
    return new Facts(local, state, head, Floor.at(position(txid), "the operator"), moment, choice);
  }

  Facts floor(Floor other) {
    return new Facts(local, state, head, other, moment, choice);
  }

  Facts besideApplication() {
    return new Facts(local, state, head, floor, Moment.BESIDE_APPLICATION, choice);
  }

  Facts at(Moment other) {
    return new Facts(local, state, head, floor, other, choice);
  }

  Facts choose(Choice other) {
    return new Facts(local, state, head, floor, moment, other);
  }

  Facts with(LocalDatabase other) {
    return new Facts(other, state, head, floor, moment, choice);
  }

  Facts with(LocalState other) {
    return new Facts(local, other, head, floor, moment, choice);
  }

  Facts with(ReplicaHead other) {
    return new Facts(local, state, other, floor, moment, choice);
  }
}
