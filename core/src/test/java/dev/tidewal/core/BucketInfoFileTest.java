package dev.tidewal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BucketInfoFileTest {
  private static final String DOCUMENT =
      """
      {"spec":{"bucketName":"%s","authenticationType":"Key","secretS3":{"endpoint":"","region":"",
       "accessKeyID":"a","accessSecretKey":"b"},"protocols":["S3"]}}
      """;

  @TempDir Path mount;

  @Test
  void aSecretThatIsNotMountedYetIsNotReady() throws IOException {
    assertThat(read(mount.resolve("secret")))
        .isEqualTo(new BucketInfoState.NotReady(mount.resolve("secret") + " does not exist yet"));
  }

  @Test
  void aSecretThatCosiCreatedBeforeTheGrantIsNotReady() throws IOException {
    swapIn("..2026_11_20", Map.of());

    assertThat(read(mount)).isEqualTo(new BucketInfoState.NotReady(mount + " is still empty"));
  }

  @Test
  void anEmptyDocumentIsNotReady() throws IOException {
    Path file = Files.writeString(mount.resolve("BucketInfo"), "");

    assertThat(read(file)).isInstanceOf(BucketInfoState.NotReady.class);
    assertThat(read(mount)).isInstanceOf(BucketInfoState.NotReady.class);
  }

  @Test
  void theFileAndItsDirectoryAreReadAlike() throws IOException {
    Path file = Files.writeString(mount.resolve("BucketInfo"), DOCUMENT.formatted("one"));

    assertThat(bucket(read(file))).isEqualTo("one");
    assertThat(read(mount)).isEqualTo(read(file));
  }

  @Test
  void aRotatedSecretIsReadThroughTheSwappedLink() throws IOException {
    swapIn("..v1", Map.of("BucketInfo", DOCUMENT.formatted("one")));
    assertThat(bucket(read(mount))).isEqualTo("one");

    swapIn("..v2", Map.of("BucketInfo", DOCUMENT.formatted("two")));

    assertThat(bucket(read(mount))).isEqualTo("two");
    assertThat(bucket(read(mount.resolve("BucketInfo")))).isEqualTo("two");
  }

  @Test
  void flatKeysOfAVolumeAreRead() throws IOException {
    swapIn(
        "..v1",
        Map.of("BUCKET_NAME", "flat", "AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "b"));

    assertThat(bucket(read(mount))).isEqualTo("flat");
  }

  @Test
  void anErrorNamesTheFileThatWasGiven() throws IOException {
    Path file = Files.writeString(mount.resolve("bucket.json"), "{}");

    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> read(file))
        .withMessage(file + ": spec is missing: this is not a BucketInfo of COSI");
  }

  @Test
  void aFileTooLargeForASecretIsRefusedUnread() throws IOException {
    Path file = Files.write(mount.resolve("app.db"), new byte[(1 << 20) + 1]);

    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> read(file))
        .withMessageStartingWith(file + ": larger than 1 MiB");
  }

  /** As the kubelet does: a new directory, then the link {@code ..data} moved onto it. */
  private void swapIn(String version, Map<String, String> data) throws IOException {
    Path directory = Files.createDirectory(mount.resolve(version));
    for (Map.Entry<String, String> entry : data.entrySet()) {
      Files.writeString(directory.resolve(entry.getKey()), entry.getValue());
      Path visible = mount.resolve(entry.getKey());
      if (!Files.isSymbolicLink(visible)) {
        Files.createSymbolicLink(visible, Path.of("..data", entry.getKey()));
      }
    }
    Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(version));
    Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static BucketInfoState read(Path path) throws IOException {
    return BucketInfoFile.read(path, BucketInfo.Overrides.NONE);
  }

  private static String bucket(BucketInfoState state) {
    return state instanceof BucketInfoState.Ready(BucketInfo.S3 s3) ? s3.bucket() : "" + state;
  }
}
