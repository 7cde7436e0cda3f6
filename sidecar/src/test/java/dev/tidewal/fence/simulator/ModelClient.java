package dev.tidewal.fence.simulator;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process's way to the store. Each request lets the others go on before it takes effect and
 * before its answer arrives; it may be lost, or its answer, or it may take effect hours later, or
 * twice.
 */
final class ModelClient implements ReplicaClient {
  private final World world;
  private final Process process;
  private int created;
  private @Nullable String lastOwner;
  private @Nullable LtxName taken;
  private List<Commit> history = List.of();

  ModelClient(World world, Process process) {
    this.world = world;
    this.process = process;
  }

  /** The history of the database whose batches are written next. */
  void writesFor(List<Commit> commits) {
    history = List.copyOf(commits);
  }

  /** How many objects this process has created, as far as it could know. */
  int created() {
    return created;
  }

  @Override
  public String type() {
    return "model";
  }

  @Override
  public String url() {
    return "model://replica";
  }

  @Override
  public Iterator<ObjectInfo> list(int level, Txid seek, boolean exactTimes) {
    return read("list", () -> world.store.list(level, seek)).iterator();
  }

  @Override
  public ObjectInfo stat(LtxName name) {
    ObjectInfo info = read("stat " + name, () -> world.store.stat(name));
    boolean lies = world.mutant == Mutant.NO_OWNER_CHECK && name.equals(taken);
    return lies ? new ObjectInfo(name, info.sizeBytes(), info.modified(), owned(info)) : info;
  }

  private ObjectMetadata owned(ObjectInfo info) {
    ObjectMetadata metadata = info.metadata();
    return new ObjectMetadata(
        metadata.timestamp(),
        Optional.ofNullable(lastOwner),
        metadata.cluster(),
        metadata.checksum(),
        metadata.frameChecksum());
  }

  @Override
  public InputStream open(LtxName name, long offset, long size) {
    return read(
        "open " + name,
        () -> {
          byte[] bytes = world.store.get(name).bytes();
          int end = size == 0 ? bytes.length : (int) Math.min(bytes.length, offset + size);
          return new ByteArrayInputStream(Arrays.copyOfRange(bytes, (int) offset, end));
        });
  }

  @Override
  public ObjectInfo write(
      LtxName name, ObjectMetadata metadata, WriteMode mode, long maxSizeBytes, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      content.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Commit> writers = history;
    WriteMode kept = world.mutant == Mutant.NO_CONDITION ? WriteMode.REPLACE : mode;
    lastOwner = metadata.owner().orElse(null);
    try {
      ObjectInfo info =
          change(
              "write " + name,
              () -> {
                ModelStore.Stored object =
                    new ModelStore.Stored(bytes.toByteArray(), metadata, storeTime());
                return world.store.write(name, object, kept, writers);
              });
      created++;
      return info;
    } catch (TidewalException.PreconditionFailed e) {
      taken = name;
      throw e;
    }
  }

  @Override
  public ObjectInfo copy(LtxName from, LtxName to) {
    throw new UnsupportedOperationException("copy");
  }

  @Override
  public void delete(Collection<LtxName> names) {
    List<LtxName> all = List.copyOf(names);
    change(
        "delete " + all,
        () -> {
          world.store.delete(all);
          return all;
        });
  }

  @Override
  public void deleteAll() {
    throw new UnsupportedOperationException("deleteAll");
  }

  @Override
  public Optional<byte[]> readDocument(String name) {
    boolean blind = world.mutant == Mutant.LOSS_NOT_LOOKED_FOR;
    return read(
        "read " + name, () -> blind ? world.store.documentEver(name) : world.store.document(name));
  }

  @Override
  public void writeDocument(String name, byte[] bytes, WriteMode mode) {
    change(
        "write " + name,
        () -> {
          world.store.writeDocument(name, bytes, mode);
          return name;
        });
  }

  @Override
  public Instant storeTime() {
    return world.storeTime();
  }

  @Override
  public void close() {}

  private <T> T read(String what, Supplier<T> effect) {
    process.pause();
    return switch (world.readFate()) {
      case DONE, TWICE -> effect.get();
      case SLOW -> {
        world.sleepLong(process);
        T result = effect.get();
        world.sleepLong(process);
        yield result;
      }
      case LOST, ANSWER_LOST, LATE -> throw lost(what);
    };
  }

  private <T> T change(String what, Supplier<T> effect) {
    process.pause();
    Supplier<T> traced =
        () -> {
          T result = effect.get();
          world.trace("%s: %s took effect", process, what);
          return result;
        };
    return switch (world.writeFate()) {
      case DONE -> {
        T result = traced.get();
        process.pause();
        yield result;
      }
      case TWICE -> {
        world.later(traced);
        yield traced.get();
      }
      case SLOW -> {
        world.sleepLong(process);
        T result = traced.get();
        world.sleepLong(process);
        yield result;
      }
      case LOST -> throw lost(what);
      case ANSWER_LOST -> {
        try {
          T unheard = traced.get();
          world.trace("%s: the answer %s is lost", process, unheard);
        } catch (TidewalException.PreconditionFailed e) {
          world.trace("%s: %s met an object", process, what);
        }
        throw lost(what);
      }
      case LATE -> {
        world.later(traced);
        throw lost(what);
      }
    };
  }

  private TidewalException lost(String what) {
    world.trace("%s: no answer to %s", process, what);
    world.sleepShort(process);
    return new TidewalException.StoreUnreachable("no answer to " + what);
  }
}
