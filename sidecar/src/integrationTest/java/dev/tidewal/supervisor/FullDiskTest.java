package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Really full file systems: a small tmpfs in a user namespace of the child process, for which
 * nobody has to be root.
 */
@Tag("integration")
class FullDiskTest {
  private static final long MIB = 1 << 20;

  @TempDir private Path directory;

  private record Ended(int code, String output) {}

  @BeforeAll
  static void needsNamespaces() throws Exception {
    Process probe = new ProcessBuilder("unshare", "-rm", "true").redirectErrorStream(true).start();
    if (probe.waitFor() != 0) {
      String message = "no user namespaces here: " + read(probe);
      Object ignored = Boolean.parseBoolean(System.getenv("CI")) ? fail(message) : abort(message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "page-checksums", "spool"})
  void replicationGoesOnWhenThereIsRoomAgainAndNothingIsLost(String scene) throws Exception {
    Path state = Files.createDirectories(directory.resolve(".app.db-tidewal"));

    Ended ended =
        onSmallDisk(state, "2m", SmallDiskProcess.class.getName(), scene, directory.toString());

    assertThat(ended.output()).contains("done: " + scene);
    assertThat(ended.code()).isZero();
  }

  @Test
  void aRestoreThatDoesNotFitSaysSoInOneLineAndLeavesNothing() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    try (Rig rig = new Rig(home, 256 * MIB, 1024 * MIB).start()) {
      rig.commit(1000, 8000);
      rig.sync();
    }
    Path small = Files.createDirectory(directory.resolve("small"));
    Path listing = directory.resolve("listing");

    Ended ended =
        onSmallDisk(
            small,
            "4m",
            "dev.tidewal.cli.Main",
            "restore",
            "-o",
            small.resolve("app.db").toString(),
            "file://" + home.resolve("replica"));

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output().lines().filter(line -> line.startsWith("tidewal:")))
        .singleElement()
        .asString()
        .contains("not enough space");
    assertThat(Files.readString(listing)).as("left behind").isEmpty();
  }

  /** Runs a main class where {@code mount} is a file system of its own, and lists what is left. */
  private Ended onSmallDisk(Path mount, String size, String... main) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o size=$1 tmpfs \"$2\" || exit 99; listing=$3; mount=$2; shift 3;"
                    + " \"$@\"; code=$?; ls -A \"$mount\" > \"$listing\"; exit $code",
                "sh",
                size,
                mount.toString(),
                directory.resolve("listing").toString(),
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(Stream.of(main).toList());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = read(process);
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      return new Ended(process.exitValue(), output);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
