package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileReplicaClientTest extends ReplicaClientContract {
  private static final Instant TIMESTAMP = Instant.parse("2026-11-20T10:00:00.123Z");

  @TempDir Path root;

  @Override
  ReplicaClient openEmpty() {
    return new FileReplicaClient(root);
  }

  @Override
  void putStranger(String relativeKey) throws IOException {
    Path stranger = root.resolve(relativeKey);
    Files.createDirectories(stranger.getParent());
    Files.writeString(stranger, "not ours");
  }

  @Override
  boolean strangerExists(String relativeKey) {
    return Files.exists(root.resolve(relativeKey));
  }

  @Override
  String strangerInLevelZero() {
    return "ltx/0/notes.txt";
  }

  @Test
  void theLayoutIsLitestreams() throws IOException {
    write(LtxName.batch(new Txid(0x1a)));

    Path expected = root.resolve("ltx/0/000000000000001a-000000000000001a.ltx");
    assertThat(expected).hasBinaryContent(new byte[] {1});
    assertThat(Files.getLastModifiedTime(expected)).isEqualTo(FileTime.from(TIMESTAMP));
  }

  @Test
  void theOwnerIsAnExtendedAttribute() throws IOException {
    write(LtxName.batch(Txid.FIRST));

    Object owner = Files.getAttribute(root.resolve("ltx/0/" + name(1)), "user:tidewal.owner");
    assertThat((byte[]) owner).asString().isEqualTo("me");
  }

  @Test
  void noTemporaryFileStays() throws IOException {
    write(LtxName.batch(Txid.FIRST));
    try (ReplicaClient client = openEmpty()) {
      assertThatThrownBy(() -> write(LtxName.batch(Txid.FIRST)))
          .isInstanceOf(TidewalException.PreconditionFailed.class);
      client.writeDocument("replica.json", new byte[1], WriteMode.REPLACE);
    }

    assertThat(root.resolve(".tidewal/.tmp")).isEmptyDirectory();
  }

  @Test
  void leftoversOfACrashAreDeletedAtTheNextWrite() throws IOException {
    Path leftover = root.resolve(".tidewal/.tmp/0123456789abcdef-1");
    Files.createDirectories(leftover.getParent());
    Files.writeString(leftover, "half an object");

    write(LtxName.batch(Txid.FIRST));

    assertThat(leftover).doesNotExist();
  }

  @Test
  void theTemporaryFileOfALivingProcessIsLeftAlone() throws Exception {
    Path living = root.resolve(".tidewal/.tmp/0123456789abcdef-1");
    Files.createDirectories(living.getParent());
    Files.writeString(living, "being written");
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockingProcess.class.getName(),
                living.toString())
            .start();
    try {
      assertThat(writer.getInputStream().read()).isEqualTo('L');

      write(LtxName.batch(Txid.FIRST));

      assertThat(living).exists();
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  @Test
  void aFullVolumeIsNamedWithItsCure() {
    TidewalException mapped =
        FileFailures.of(
            "write",
            Path.of("/replica/x"),
            new FileSystemException("/replica/x", null, "No space left on device"));

    assertThat(mapped)
        .isInstanceOf(TidewalException.StoreUnreachable.class)
        .hasMessage("write /replica/x: No space left on device; free some space on the volume");
  }

  @Test
  void missingRightsArePermissionDenied() {
    Path path = Path.of("/replica/ltx/0");

    assertThat(FileFailures.of("list", path, new AccessDeniedException("/replica/ltx/0")))
        .isInstanceOf(TidewalException.PermissionDenied.class)
        .hasMessage(
            "list /replica/ltx/0: permission denied; check owner and mode of the directory");
    assertThat(FileFailures.of("write", path, new IOException("Read-only file system")))
        .isInstanceOf(TidewalException.PermissionDenied.class);
  }

  @Test
  void aFileInPlaceOfADirectoryIsAnErrorAndNotAnEmptyReplica() throws IOException {
    Files.writeString(root.resolve("ltx"), "a file");

    try (ReplicaClient client = openEmpty()) {
      assertThatThrownBy(() -> client.list(0, Txid.ZERO, false))
          .isInstanceOf(TidewalException.StoreUnreachable.class);
    }
  }

  @Test
  void aFileThatIsDeletedDuringAListingIsLeftOut() throws IOException {
    for (int txid = 1; txid <= 3; txid++) {
      write(LtxName.batch(new Txid(txid)));
    }
    try (ReplicaClient client = openEmpty()) {
      var listing = client.list(0, Txid.ZERO, false);
      listing.next();

      client.delete(java.util.List.of(LtxName.batch(new Txid(2))));

      assertThat(listing.next().name()).isEqualTo(LtxName.batch(new Txid(3)));
      assertThat(listing.hasNext()).isFalse();
    }
  }

  @Test
  void deleteAllLeavesAnEmptyRoot() throws IOException {
    write(LtxName.batch(Txid.FIRST));
    try (ReplicaClient client = openEmpty()) {
      client.writeDocument("replica.json", new byte[1], WriteMode.CREATE);

      client.deleteAll();
    }

    try (Stream<Path> left = Files.list(root)) {
      assertThat(left).isEmpty();
    }
  }

  private void write(LtxName name) {
    ObjectMetadata metadata =
        new ObjectMetadata(
            Optional.of(TIMESTAMP),
            Optional.of("me"),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());
    try (ReplicaClient client = openEmpty()) {
      client.write(name, metadata, WriteMode.CREATE, 1, out -> out.write(1));
    }
  }

  private static String name(long txid) {
    return LtxName.batch(new Txid(txid)).fileName();
  }
}
