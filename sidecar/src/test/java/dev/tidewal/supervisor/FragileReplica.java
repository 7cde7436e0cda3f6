package dev.tidewal.supervisor;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** A replica of which single objects are taken away or damaged, and put back as they were. */
interface FragileReplica {
  ReplicaClient client();

  /** Has {@code then} done while there is no such object. */
  void without(LtxName name, Work then) throws IOException;

  /** Has {@code then} done while the object has other bytes; everything else about it stays. */
  void with(LtxName name, byte[] bytes, Work then) throws IOException;

  /** What is done with a damaged replica. */
  interface Work {
    void run() throws IOException;
  }

  default byte[] read(LtxName name) throws IOException {
    try (InputStream in = client().open(name, 0, 0)) {
      return in.readAllBytes();
    }
  }

  default List<LtxName> names(int level) {
    List<LtxName> names = new ArrayList<>();
    client().list(level, Txid.ZERO, false).forEachRemaining(info -> names.add(info.name()));
    return names;
  }

  default List<LtxName> names() {
    List<LtxName> names = new ArrayList<>();
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      names.addAll(names(level));
    }
    return names;
  }

  /** Removes every file while its owner may be writing more; the folders stay. */
  static void empty(Path replica) throws IOException {
    Files.walkFileTree(
        replica,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** In files, without the syncs of a client. */
  record OnFiles(ReplicaClient client, Path directory) implements FragileReplica {
    OnFiles(Path directory) {
      this(new FileReplicaClient(directory), directory);
    }

    @Override
    public void without(LtxName name, Work then) throws IOException {
      Path aside = directory.resolveSibling(directory.getFileName() + "-aside");
      Files.move(file(name), aside);
      try {
        then.run();
      } finally {
        Files.move(aside, file(name));
      }
    }

    @Override
    public void with(LtxName name, byte[] bytes, Work then) throws IOException {
      byte[] whole = read(name);
      overwrite(name, bytes);
      try {
        then.run();
      } finally {
        overwrite(name, whole);
      }
    }

    private void overwrite(LtxName name, byte[] bytes) throws IOException {
      Files.write(
          file(name), bytes, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    Path file(LtxName name) {
      return directory
          .resolve("ltx")
          .resolve(Integer.toString(name.level()))
          .resolve(name.fileName());
    }
  }

  /** In any store, through its client. */
  record InStore(ReplicaClient client) implements FragileReplica {
    /** Copies all objects of another one. */
    static InStore copyOf(FragileReplica other, ReplicaClient client) throws IOException {
      InStore copy = new InStore(client);
      for (LtxName name : other.names()) {
        copy.put(name, other.client().stat(name).metadata(), other.read(name));
      }
      return copy;
    }

    @Override
    public void without(LtxName name, Work then) throws IOException {
      byte[] whole = read(name);
      ObjectMetadata metadata = client.stat(name).metadata();
      client.delete(List.of(name));
      try {
        then.run();
      } finally {
        put(name, metadata, whole);
      }
    }

    @Override
    public void with(LtxName name, byte[] bytes, Work then) throws IOException {
      byte[] whole = read(name);
      ObjectMetadata metadata = client.stat(name).metadata();
      put(name, metadata, bytes);
      try {
        then.run();
      } finally {
        put(name, metadata, whole);
      }
    }

    private void put(LtxName name, ObjectMetadata metadata, byte[] bytes) {
      client.write(name, metadata, WriteMode.REPLACE, bytes.length, out -> out.write(bytes));
    }
  }
}
