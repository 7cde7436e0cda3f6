package dev.tidewal.fence.simulator;

import dev.tidewal.core.Txid;
import dev.tidewal.state.Acknowledged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must stay true, checked at every object that is stored and at everything that is
 * acknowledged.
 *
 * <p>The first object stored at a TXID is the history there, for ever. One stored later, after
 * retention deleted the first, is a stray: it may exist, but nobody may acknowledge it.
 *
 * <p>When the bucket is emptied, the history has no place any more until the owner begins it anew,
 * above everything that was, with every commit that was ever reported as durable.
 */
final class Ledger {
  /**
   * The history at one TXID.
   *
   * @param content all commits up to here
   */
  record Entry(String owner, long fileChecksum, Instant timestamp, List<Commit> content) {}

  private final TreeMap<Txid, Entry> history = new TreeMap<>();
  private final Set<Commit> required = new HashSet<>();
  private final Set<Commit> forsaken = new HashSet<>();
  private Txid acknowledged = Txid.ZERO;
  private boolean isLost;

  /** An L0 object appeared where there was none. */
  void stored(
      Txid txid,
      String owner,
      long fileChecksum,
      Instant timestamp,
      Payload payload,
      List<Commit> writers) {
    if (history.containsKey(txid) || isLost) {
      return;
    }
    Txid last = history.isEmpty() ? Txid.ZERO : history.lastKey();
    if (!txid.equals(last.next())) {
      throw new Violation(txid + " was stored after " + last);
    }
    List<Commit> before = content(last);
    if (!payload.full() && !payload.commits().isEmpty()) {
      List<Commit> both = new ArrayList<>(before);
      both.addAll(payload.commits());
      if (!both.equals(writers)) {
        throw new Violation(
            "two histories at " + txid + ": " + shown(both) + " and " + shown(writers));
      }
    }
    List<Commit> after =
        payload.full() ? payload.commits() : payload.commits().isEmpty() ? before : writers;
    Entry previous = history.get(last);
    if (previous != null && timestamp.isBefore(previous.timestamp())) {
      throw new Violation(txid + " has the time " + timestamp + ", before " + previous.timestamp());
    }
    requireIn(after, "the object at " + txid);
    history.put(txid, new Entry(owner, fileChecksum, timestamp, List.copyOf(after)));
  }

  /** The bucket was emptied. */
  void lose() {
    isLost = true;
  }

  /** Whether the bucket was emptied, and no history was begun in it since. */
  boolean isLost() {
    return isLost;
  }

  /** A start put everything that it has into the empty bucket, as one TXID. */
  void restarted(String who, Acknowledged state, List<Commit> content) {
    Txid txid = state.position().txid();
    if (!txid.isAfter(acknowledged)) {
      throw new Violation(who + " began anew at " + txid + ", not above " + acknowledged);
    }
    requireIn(content, "the new beginning at " + txid);
    history.tailMap(acknowledged, false).clear(); // nobody ever knew of these
    history.put(
        txid,
        new Entry(state.owner(), state.fileChecksum(), state.timestamp(), List.copyOf(content)));
    acknowledged = txid;
    isLost = false;
  }

  /** Somebody recorded a state as acknowledged. */
  void acknowledged(String who, Acknowledged state) {
    if (isLost) {
      return;
    }
    Txid txid = state.position().txid();
    Entry entry = history.get(txid);
    if (entry == null || entry.fileChecksum() != state.fileChecksum()) {
      throw new Violation(who + " acknowledged at " + txid + " what is not the history");
    }
    if (!entry.owner().equals(state.owner())) {
      throw new Violation(who + " acknowledged at " + txid + " what another owner wrote");
    }
    if (state.position().checksum() != Commit.checksum(entry.content())) {
      throw new Violation(who + " acknowledged another content at " + txid);
    }
    if (txid.isAfter(acknowledged)) {
      acknowledged = txid;
    }
  }

  /** Commits were reported as durable: the history has them, and whatever follows must. */
  void durable(String who, List<Commit> commits) {
    if (isLost) {
      return;
    }
    List<Commit> newest = history.isEmpty() ? List.of() : history.lastEntry().getValue().content();
    Set<Commit> missing = new HashSet<>(commits);
    missing.removeAll(new HashSet<>(newest));
    missing.removeAll(forsaken);
    if (!missing.isEmpty()) {
      throw new Violation(who + " reported as durable what is not: " + missing);
    }
    required.addAll(commits);
  }

  /**
   * A database lost commits, and its application went on without them, or a person chose another
   * side.
   */
  void forsake(List<Commit> remaining) {
    Set<Commit> lost = new HashSet<>(required);
    history.values().forEach(entry -> lost.addAll(entry.content()));
    lost.removeAll(new HashSet<>(remaining));
    forsaken.addAll(lost);
  }

  /** What a restore of the newest state gave. */
  void restored(Txid txid, List<Commit> content) {
    if (!content.equals(content(txid))) {
      throw new Violation(
          "a restore of "
              + txid
              + " gave "
              + shown(content)
              + " instead of "
              + shown(content(txid)));
    }
    if (txid.isBefore(acknowledged)) {
      throw new Violation("a restore reached " + txid + " of " + acknowledged);
    }
    requireIn(content, "a restore of " + txid);
  }

  List<Commit> content(Txid txid) {
    return Optional.ofNullable(history.get(txid)).map(Entry::content).orElse(List.of());
  }

  Txid acknowledged() {
    return acknowledged;
  }

  Optional<String> lastOwner() {
    return history.isEmpty()
        ? Optional.empty()
        : Optional.of(history.lastEntry().getValue().owner());
  }

  private void requireIn(List<Commit> content, String where) {
    Set<Commit> missing = new HashSet<>(required);
    missing.removeAll(forsaken);
    missing.removeAll(new HashSet<>(content));
    if (!missing.isEmpty()) {
      throw new Violation(where + " lacks acknowledged commits " + missing);
    }
  }

  private static List<Long> shown(List<Commit> commits) {
    return commits.stream().map(Commit::id).toList();
  }
}
