package dev.tidewal.fence;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.Intent;
import dev.tidewal.wal.WalPoint;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Everything that a start decides on, and the questions that the rows of {@link StartRow} ask.
 *
 * @param database the database file, for messages
 * @param replica the replica's URL, for messages
 */
public record StartFacts(
    String database,
    String replica,
    LocalDatabase local,
    LocalState state,
    ReplicaHead head,
    Floor floor,
    Moment moment,
    Choice choice) {

  /** A fact that is expensive and so far only assumed. */
  public enum Need {
    /** Read the database: {@link LocalContent.Read}. */
    CONTENT,
    /** Compare the pages of the objects since the last known backfill. */
    SENT_PAGES
  }

  /** The facts that were not gathered and that the plan depends on; empty: decide is final. */
  public Set<Need> needs() {
    Set<Need> needs = EnumSet.noneOf(Need.class);
    if (local instanceof LocalDatabase.Present file) {
      if (file.content() instanceof LocalContent.NotRead && differs(possibleContents(file))) {
        needs.add(Need.CONTENT);
      }
      if (file.sentPages() == LocalDatabase.Answer.NOT_ASKED && differs(possibleAnswers(file))) {
        needs.add(Need.SENT_PAGES);
      }
    }
    return needs;
  }

  /** The WAL offsets at which {@link LocalWal.Present#known} should have the running checksum. */
  public static List<Long> walOffsets(ReplicaHead head, Optional<Acknowledged> acknowledged) {
    Optional<WalPoint> end = head instanceof ReplicaHead.At at ? at.end() : Optional.empty();
    return Stream.of(end, acknowledged.flatMap(Acknowledged::wal))
        .flatMap(Optional::stream)
        .map(WalPoint::offset)
        .distinct()
        .toList();
  }

  /** The same facts about another local file. */
  public StartFacts with(LocalDatabase other) {
    return new StartFacts(database, replica, other, state, head, floor, moment, choice);
  }

  private boolean differs(Stream<LocalDatabase.Present> files) {
    return files.map(file -> StartPlan.decide(with(file))).distinct().limit(2).count() > 1;
  }

  private Stream<LocalDatabase.Present> possibleContents(LocalDatabase.Present file) {
    Stream<Long> recorded =
        Stream.of(headAt().map(ReplicaHead.At::position), recordedPosition())
            .flatMap(Optional::stream)
            .filter(Position::hasChecksum)
            .map(Position::checksum);
    Optional<Position> older = headAt().map(at -> new Position(at.txid().plus(-1), 1));
    return Stream.concat(
            Stream.of(new LocalContent.Read(0, Optional.empty()), new LocalContent.Read(0, older)),
            recorded.map(checksum -> new LocalContent.Read(checksum, Optional.empty())))
        .map(content ->
            new LocalDatabase.Present(
                file.intact(), file.wal(), content, file.sentPages(), file.wroteHead()));
  }

  private static Stream<LocalDatabase.Present> possibleAnswers(LocalDatabase.Present file) {
    return Stream.of(LocalDatabase.Answer.YES, LocalDatabase.Answer.NO)
        .map(answer ->
            new LocalDatabase.Present(
                file.intact(), file.wal(), file.content(), answer, file.wroteHead()));
  }

  // --- what the rows ask ---

  boolean hasFile() {
    return local instanceof LocalDatabase.Present;
  }

  boolean isBesideApplication() {
    return moment == Moment.BESIDE_APPLICATION && hasFile();
  }

  /** The store and every witness answered. */
  boolean isAnswered() {
    return !(head instanceof ReplicaHead.Unreachable) && !(floor instanceof Floor.Unknown);
  }

  Optional<ReplicaHead.At> headAt() {
    return head instanceof ReplicaHead.At at ? Optional.of(at) : Optional.empty();
  }

  boolean hasHead() {
    return headAt().isPresent();
  }

  Txid headTxid() {
    return headAt().map(ReplicaHead.At::txid).orElse(Txid.ZERO);
  }

  /** An own object at the head is a state too: the first upload, then a crash. */
  boolean hasState() {
    return state.acknowledged().isPresent() || isOurs();
  }

  Optional<Position> recordedPosition() {
    return state.acknowledged().map(Acknowledged::position);
  }

  /** The floor of all witnesses, the local state among them. */
  Floor highestFloor() {
    return recordedPosition()
        .map(position -> floor.and(Floor.at(position, "the local state")))
        .orElse(floor);
  }

  /** Somebody knows that there was data, and no user accepted the head as it is. */
  boolean isDataExpected() {
    boolean known = highestFloor() instanceof Floor.At || state.isLost();
    return known && !choice.accepts(headTxid());
  }

  /**
   * The replica is empty, or does not reach the floor; or it was emptied, and what we sent since is
   * all that it holds.
   */
  boolean isBelowFloor() {
    return headAt()
        .map(at ->
            !choice.accepts(at.txid())
                && (state.headIsRemnant() || !reaches(at.position(), highestFloor())))
        .orElse(true);
  }

  /**
   * A TXID names one state: at the floor's own TXID another checksum is another history, which
   * reaches nothing.
   */
  private static boolean reaches(Position position, Floor floor) {
    if (!(floor instanceof Floor.At at)) {
      return true;
    }
    Position needed = at.position();
    boolean sameState = !position.hasChecksum() || !needed.hasChecksum() || position.equals(needed);
    return position.txid().isAfter(needed.txid())
        || (position.txid().equals(needed.txid()) && sameState);
  }

  /**
   * The file holds the recorded position, and no witness recorded a higher one. A WAL that was
   * restarted since then proves nothing and is believed, as in {@link StartRow#RESYNCED}: what was
   * sent before is in the database file then, and there is nothing else left to go on with.
   */
  boolean holdsFloor() {
    return recordedPosition()
        .filter(recorded -> reaches(recorded, floor))
        .filter(recorded ->
            atRecorded() instanceof Continuity.Proven
                || atRecorded() instanceof Continuity.Unproven
                || contentIs(checksum -> checksum == recorded.checksum()))
        .isPresent();
  }

  boolean isOurs() {
    return state.headIsOurs();
  }

  /** Someone else wrote the head. What Litestream wrote has no owner. */
  boolean isStrangers() {
    return !isOurs() && headAt().flatMap(ReplicaHead.At::owner).isPresent();
  }

  /**
   * The head is at most one object beyond what we recorded (an own upload, then a crash), or a
   * claim of ours that was decided on this file.
   */
  boolean isAtMostOneAhead() {
    Txid recorded = recordedPosition().map(Position::txid).orElse(Txid.ZERO);
    return state.headIsTriedClaim() || !headTxid().isAfter(recorded.next());
  }

  /** A file that should have been replaced under our claim says nothing about what is newest. */
  boolean isFileTrusted() {
    return hasFile() && !isIntended(Intent.Kind.RESTORE);
  }

  boolean isIntended(Intent.Kind kind) {
    return state.intent().filter(kind::equals).isPresent();
  }

  /** Whether the local WAL continues at the head's end. */
  Continuity atHead() {
    Optional<Acknowledged> recordedHead =
        state
            .acknowledged()
            .filter(recorded -> recorded.position().txid().equals(headTxid()) && isOurs());
    Optional<WalPoint> end =
        headAt().flatMap(ReplicaHead.At::end).or(() -> recordedHead.flatMap(Acknowledged::wal));
    return isOurs() && end.filter(this::isInLaterWal).isPresent()
        ? new Continuity.Behind()
        : continuity(end, isHeadInDatabaseFile());
  }

  /**
   * The WAL is still the one of our record, and the head was read from one that came after it: an
   * older copy of the volume, taken before the WAL was restarted.
   */
  private boolean isInLaterWal(WalPoint end) {
    return local instanceof LocalDatabase.Present file
        && file.wal() instanceof LocalWal.Present wal
        && !wal.end().hasSaltsOf(end)
        && isAheadOfRecord()
        && state
            .acknowledged()
            .flatMap(Acknowledged::wal)
            .filter(wal.end()::hasSaltsOf)
            .isPresent();
  }

  private boolean isAheadOfRecord() {
    return recordedPosition().filter(at -> headTxid().isAfter(at.txid())).isPresent();
  }

  /** Whether it continues where our own record ends. */
  Continuity atRecorded() {
    return continuity(
        state.acknowledged().flatMap(Acknowledged::wal),
        state.acknowledged().filter(Acknowledged::allBackfilled).isPresent());
  }

  private Continuity continuity(Optional<WalPoint> point, boolean inDatabaseFile) {
    return switch (local) {
      case LocalDatabase.Missing missing -> new Continuity.Unproven();
      case LocalDatabase.Present file ->
          Continuity.of(
              point,
              file.wal(),
              inDatabaseFile || file.sentPages() == LocalDatabase.Answer.YES,
              state.isUntouched());
    };
  }

  /** A claim adds no pages: what was in the database file before it still is all. */
  private boolean isHeadInDatabaseFile() {
    return state
        .acknowledged()
        .filter(Acknowledged::allBackfilled)
        .map(recorded -> recorded.position().txid())
        .filter(txid ->
            txid.equals(headTxid())
                || (headAt().filter(ReplicaHead.At::isClaim).isPresent()
                    && isOurs()
                    && txid.next().equals(headTxid())))
        .isPresent();
  }

  /** The file holds exactly the head. */
  boolean isHeadByContent() {
    boolean sameChecksum =
        headAt()
            .map(ReplicaHead.At::position)
            .filter(Position::hasChecksum)
            .filter(position -> contentIs(checksum -> checksum == position.checksum()))
            .isPresent();
    return sameChecksum
        || (hasHead() && atHead() instanceof Continuity.Proven proven && !proven.hasTail());
  }

  /**
   * The file holds exactly a state that the head's history went through: its pages have the
   * checksum that was recorded there, or its WAL ends exactly where our record ends.
   */
  boolean isOlderByContent() {
    boolean byChecksum =
        local instanceof LocalDatabase.Present file
            && file.content() instanceof LocalContent.Read read
            && read.older().isPresent();
    boolean byWal =
        isAheadOfRecord() && atRecorded() instanceof Continuity.Proven proven && !proven.hasTail();
    return (byChecksum || byWal) && !isHeadByContent();
  }

  boolean wroteHead() {
    return local instanceof LocalDatabase.Present file && file.wroteHead();
  }

  boolean isIntact() {
    return local instanceof LocalDatabase.Present file
        && file.intact()
        && !(atRecorded() instanceof Continuity.Forked)
        && !(atRecorded() instanceof Continuity.Behind);
  }

  private boolean contentIs(Predicate<Long> checksum) {
    return local instanceof LocalDatabase.Present file
        && file.content() instanceof LocalContent.Read read
        && checksum.test(read.checksum());
  }
}
