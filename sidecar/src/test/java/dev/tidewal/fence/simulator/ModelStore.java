package dev.tidewal.fence.simulator;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The objects of one replica. Every method takes effect at once; requests are a client's matter.
 */
final class ModelStore {
  /** An object as it is stored; nobody changes the bytes. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Stored(byte[] bytes, ObjectMetadata metadata, Instant modified) {}

  private final TreeMap<LtxName, Stored> objects =
      new TreeMap<>(Comparator.comparingInt(LtxName::level).thenComparing(name -> name));
  private final Map<String, byte[]> documents = new HashMap<>();
  private final Map<String, byte[]> lostDocuments = new HashMap<>();
  private final Ledger ledger;

  ModelStore(Ledger ledger) {
    this.ledger = ledger;
  }

  List<ObjectInfo> list(int level, Txid seek) {
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().level() == level)
        .filter(entry -> !entry.getKey().min().isBefore(seek))
        .map(entry -> info(entry.getKey(), entry.getValue()))
        .toList();
  }

  ObjectInfo stat(LtxName name) {
    return info(name, get(name));
  }

  Stored get(LtxName name) {
    Stored stored = objects.get(name);
    if (stored == null) {
      throw new TidewalException.NotFound(name + " does not exist");
    }
    return stored;
  }

  /**
   * Stores an object.
   *
   * @param writers the history of the writer's database up to it
   */
  ObjectInfo write(LtxName name, Stored object, WriteMode mode, List<Commit> writers) {
    Stored before = objects.get(name);
    if (before != null && mode == WriteMode.CREATE) {
      throw new TidewalException.PreconditionFailed(name + " exists");
    }
    objects.put(name, object);
    if (name.level() == 0 && before == null) {
      ledger.stored(
          name.max(),
          object.metadata().owner().orElse(""),
          Payload.fileChecksum(object.bytes()),
          object.metadata().timestamp().orElseThrow(),
          Payload.decode(object.bytes()),
          writers);
    } else if (name.level() == 0
        && before != null
        && Payload.fileChecksum(before.bytes()) != Payload.fileChecksum(object.bytes())) {
      throw new Violation("the object at " + name.max() + " was replaced");
    }
    return info(name, object);
  }

  void delete(Collection<LtxName> names) {
    names.forEach(objects::remove);
  }

  /** Somebody empties the bucket. */
  void empty() {
    objects.clear();
    lostDocuments.putAll(documents);
    documents.clear();
  }

  /** The document, or what it was before the bucket was emptied. */
  Optional<byte[]> documentEver(String name) {
    return document(name).or(() -> Optional.ofNullable(lostDocuments.get(name)));
  }

  Optional<byte[]> document(String name) {
    return Optional.ofNullable(documents.get(name));
  }

  void writeDocument(String name, byte[] bytes, WriteMode mode) {
    if (mode == WriteMode.CREATE && documents.containsKey(name)) {
      throw new TidewalException.PreconditionFailed(name + " exists");
    }
    documents.put(name, bytes);
  }

  /** The newest TXID of all. */
  Txid newest() {
    return objects.keySet().stream().map(LtxName::max).max(Txid::compareTo).orElse(Txid.ZERO);
  }

  /**
   * What a restore of a TXID gives: the newest snapshot that is not above it, and every batch after
   * that, or the one compacted object that says that nothing happened; empty when there is a gap.
   */
  Optional<List<Commit>> restore(Txid target) {
    Txid at = Txid.ZERO;
    List<Commit> content = new ArrayList<>();
    for (LtxName name : objects.keySet()) {
      if (name.level() == LtxName.SNAPSHOT_LEVEL
          && !name.max().isAfter(target)
          && name.max().isAfter(at)) {
        at = name.max();
        content = new ArrayList<>(Payload.decode(get(name).bytes()).commits());
      }
    }
    while (at.isBefore(target)) {
      Optional<Txid> nothingUntil = nothingAfter(at, target);
      if (nothingUntil.isPresent()) {
        at = nothingUntil.get();
        continue;
      }
      at = at.next();
      Stored batch = objects.get(LtxName.batch(at));
      if (batch == null) {
        return Optional.empty();
      }
      Payload payload = Payload.decode(batch.bytes());
      if (payload.full()) {
        content = new ArrayList<>();
      }
      content.addAll(payload.commits());
    }
    return Optional.of(content);
  }

  private Optional<Txid> nothingAfter(Txid at, Txid target) {
    return objects.keySet().stream()
        .filter(name -> name.level() == 1 && name.min().equals(at.next()))
        .map(LtxName::max)
        .filter(max -> !max.isAfter(target))
        .findFirst();
  }

  private static ObjectInfo info(LtxName name, Stored stored) {
    return new ObjectInfo(name, stored.bytes().length, stored.modified(), stored.metadata());
  }
}
