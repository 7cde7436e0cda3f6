package dev.tidewal.testing;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A replica in files whose store has the test's clock, so that days pass at once. */
public final class ClockedReplicaClient implements ReplicaClient {
  private final ReplicaClient files;
  private final InstantSource clock;
  private final Map<LtxName, Instant> modified = new HashMap<>();

  public ClockedReplicaClient(ReplicaClient files, InstantSource clock) {
    this.files = files;
    this.clock = clock;
  }

  @Override
  public String type() {
    return files.type();
  }

  @Override
  public String url() {
    return files.url();
  }

  @Override
  public Iterator<ObjectInfo> list(int level, Txid seek, boolean exactTimes) {
    List<ObjectInfo> objects = new ArrayList<>();
    files.list(level, seek, exactTimes).forEachRemaining(info -> objects.add(timed(info)));
    return objects.iterator();
  }

  @Override
  public ObjectInfo stat(LtxName name) {
    return timed(files.stat(name));
  }

  @Override
  public InputStream open(LtxName name, long offset, long size) {
    return files.open(name, offset, size);
  }

  @Override
  public ObjectInfo write(
      LtxName name, ObjectMetadata metadata, WriteMode mode, long maxSizeBytes, Content content) {
    ObjectInfo written = files.write(name, metadata, mode, maxSizeBytes, content);
    modified.put(name, clock.instant());
    return timed(written);
  }

  @Override
  public ObjectInfo copy(LtxName from, LtxName to) {
    ObjectInfo copied = files.copy(from, to);
    modified.put(to, clock.instant());
    return timed(copied);
  }

  @Override
  public void delete(Collection<LtxName> names) {
    files.delete(names);
  }

  @Override
  public void deleteAll() {
    files.deleteAll();
  }

  @Override
  public Optional<byte[]> readDocument(String name) {
    return files.readDocument(name);
  }

  @Override
  public void writeDocument(String name, byte[] bytes, WriteMode mode) {
    files.writeDocument(name, bytes, mode);
  }

  @Override
  public Instant storeTime() {
    return clock.instant();
  }

  @Override
  public void close() {
    files.close();
  }

  private ObjectInfo timed(ObjectInfo info) {
    return new ObjectInfo(
        info.name(),
        info.sizeBytes(),
        modified.getOrDefault(info.name(), info.modified()),
        info.metadata());
  }
}
