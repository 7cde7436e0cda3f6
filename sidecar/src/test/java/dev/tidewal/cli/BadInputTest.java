package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is wrong gets one line that names it and the cure, the exit code of its kind, and loses
 * nothing: no file that was there changes, no file appears under the output's name.
 */
class BadInputTest {
  @TempDir Path directory;
  private final Command command = new Command();
  private Path output;
  private String url;

  @BeforeEach
  void name() {
    output = directory.resolve("restored.db");
    url = "file://" + directory.resolve("replica");
  }

  @Test
  void anEncryptedDatabaseIsRefused() throws Exception {
    byte[] random = new byte[16_384];
    new Random(7).nextBytes(random);
    Path database = Files.write(directory.resolve("app.db"), random);

    assertRefused(4, "replicate", "-once", database.toString(), url)
        .contains(database.toString(), "it may be encrypted (SQLCipher, SEE)");
    assertRefused(4, "checksum", database.toString()).contains("it may be encrypted");
    assertRefused(4, "checkpoint", "--addr", "127.0.0.1:1", database.toString())
        .contains("it may be encrypted");
    assertThat(database).hasBinaryContent(random);
  }

  @Test
  void aDirectoryInPlaceOfADatabaseIsRefused() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("app.db"));

    assertRefused(4, "replicate", "-once", folder.toString(), url)
        .contains("is a directory", "'pattern'");
  }

  @Test
  void anUnknownSchemeNamesTheNearest() {
    assertRefused(2, "replicate", "-once", directory.resolve("app.db").toString(), "s4://b/p")
        .contains("did you mean s3?");
    assertRefused(2, "verify", "ftp://host/path").contains("ftp");
  }

  @Test
  void aMistypedKeyIsNamedWithFileAndLineAndTheNearest() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("tidewal.yml"),
            """
            databases:
              - path: /data/app.db
                destinatons:
                  - file:///backup
            """);

    for (String each : new String[] {"replicate", "databases", "status"}) {
      assertRefused(2, each, "--config", config.toString())
          .contains(config + ":3", "destinatons", "did you mean", "destinations");
    }
  }

  @Test
  void halfABucketInfoIsNamedWithFileAndField() throws Exception {
    Path info =
        Files.writeString(
            directory.resolve("BucketInfo"),
            """
            {"metadata": {"name": "bc-1"},
             "spec": {"bucketName": "backups", "authenticationType": "KEY", "protocols": ["s3"],
              "secretS3": {"endpoint": "https://s3.example", "region": "eu-1", "accessKeyID": "a"}}}
            """);
    Path config =
        Files.writeString(
            directory.resolve("tidewal.yml"),
            """
            databases:
              - path: %s
                destinations:
                  - type: s3
                    path: app
                    bucket-info: [%s]
            """
                .formatted(directory.resolve("app.db"), info));

    assertRefused(2, "ltx", "--config", config.toString(), directory.resolve("app.db").toString())
        .contains(info.toString(), "accessSecretKey");
  }

  @Test
  void anOutputThatExistsStays() throws Exception {
    StoredDatabase stored = new StoredDatabase(directory).commit();
    Files.writeString(output, "somebody's");

    assertThat(command.run("restore", "-o", output.toString(), stored.url())).isEqualTo(4);
    assertThat(command.err()).hasLineCount(1).contains(output.toString(), "--force");
    assertThat(output).hasContent("somebody's");
  }

  @Test
  void anotherClustersReplicaIsRefused() throws Exception {
    Path database = database("app.db");
    Command cluster = new Command().with("TIDEWAL_CLUSTER_ID", "blue");
    assertThat(cluster.run("replicate", "-once", database.toString(), url)).isZero();
    Path other = database("other.db");

    command.with("TIDEWAL_CLUSTER_ID", "green");
    assertRefused(4, "replicate", "-once", other.toString(), url)
        .contains("blue", "--take-over-from");
  }

  @Test
  void twoChainsInOnePrefixAreRefused() throws Exception {
    StoredDatabase stored = new StoredDatabase(directory).commit();
    stored.store(new LtxName(1, new Txid(2), new Txid(4)));
    stored.store(new LtxName(1, new Txid(3), new Txid(5)));

    assertRefused(4, "restore", "-o", output.toString(), stored.url())
        .contains("two writers", "--txid 0000000000000001");
    assertThat(command.run("verify", stored.url())).isEqualTo(5);
    assertThat(command.out()).contains("two writers");
  }

  @Test
  void objectsOfDifferentPageSizesAreTwoDatabases() throws Exception {
    StoredDatabase stored = new StoredDatabase(directory).commit();
    stored.store(LtxName.batch(new Txid(2)), 1024);

    assertRefused(4, "restore", "-o", output.toString(), stored.url())
        .contains("two databases in one prefix", "1024", "4096", "--txid 0000000000000001");
  }

  @Test
  void aFlippedBitInTheOnlySnapshotIsCorrupt() throws Exception {
    StoredDatabase stored = new StoredDatabase(directory).commit();
    byte[] bytes = Files.readAllBytes(stored.object(1));
    for (int at : new int[] {8, 120, bytes.length - 12, bytes.length - 1}) {
      byte[] broken = bytes.clone();
      broken[at] ^= 1;
      Files.write(stored.object(1), broken);

      assertRefused(5, "restore", "-o", output.toString(), stored.url())
          .as("byte " + at)
          .contains("0000000000000001");
      assertThat(command.run("verify", stored.url())).as("byte " + at).isEqualTo(5);
    }
  }

  @Test
  void aTruncatedSnapshotIsCorrupt() throws Exception {
    StoredDatabase stored = new StoredDatabase(directory).commit();
    byte[] bytes = Files.readAllBytes(stored.object(1));
    for (int length : new int[] {0, 99, 200, bytes.length - 1}) {
      Files.write(stored.object(1), Arrays.copyOf(bytes, length));

      assertRefused(5, "restore", "-o", output.toString(), stored.url())
          .as("length " + length)
          .contains("0000000000000001");
    }
  }

  /** Runs a command that must fail, and shows what it said. */
  private AbstractStringAssert<?> assertRefused(int exitCode, String... arguments) {
    Map<Path, Long> before = files();
    int code = command.run(arguments);
    assertThat(code).as(command.out() + command.err()).isEqualTo(exitCode);
    assertThat(files()).as("what was there before").containsAllEntriesOf(before);
    assertThat(output).doesNotExist();
    return assertThat(command.err()).hasLineCount(1).startsWith("tidewal: ");
  }

  /** Every file but our own state, with its size. */
  private Map<Path, Long> files() {
    Map<Path, Long> sizes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        if (!path.toString().contains("-tidewal/")) {
          sizes.put(path, Files.size(path));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sizes;
  }

  private Path database(String name) throws Exception {
    Path file = directory.resolve(name);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE t (x)");
    }
    return file;
  }
}
