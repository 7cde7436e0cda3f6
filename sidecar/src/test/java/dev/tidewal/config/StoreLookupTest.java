package dev.tidewal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.S3Endpoint.Addressing;
import dev.tidewal.replica.S3Settings;
import dev.tidewal.replica.StoreCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLookupTest {
  @TempDir Path directory;
  private Path first;
  private Path second;

  @BeforeEach
  void mountTwoEmptySecrets() throws IOException {
    first = Files.createDirectory(directory.resolve("a"));
    second = Files.createDirectory(directory.resolve("b"));
  }

  @Test
  void theBucketInfoFillsInWhatTheConfigurationDoesNotSay() throws IOException {
    write(first, "id1");

    S3Settings settings = ready("path: tenants\n");

    assertThat(settings.bucket()).isEqualTo("from-cosi");
    assertThat(settings.prefix()).isEqualTo("tenants");
    assertThat(settings.endpoint().uri()).contains(URI.create("https://rgw.example"));
    assertThat(settings.endpoint().region()).contains("us-east-1");
    assertThat(settings.endpoint().addressing()).isEqualTo(Addressing.PATH);
    assertThat(settings.credentials().current())
        .contains(StoreCredentials.of("id1", "secret-of-id1"));
  }

  @Test
  void keysOfTheConfigurationWinOverTheBucketInfo() throws IOException {
    write(first, "id1");

    S3Settings settings =
        ready(
            """
            bucket: mine
            endpoint: minio.example:9000
            region: eu-1
            force-path-style: false
            access-key-id: own
            secret-access-key: key
            """);

    assertThat(settings.bucket()).isEqualTo("mine");
    assertThat(settings.endpoint().uri()).contains(URI.create("https://minio.example:9000"));
    assertThat(settings.endpoint().region()).contains("eu-1");
    assertThat(settings.endpoint().addressing()).isEqualTo(Addressing.VIRTUAL_HOST);
    assertThat(settings.credentials().current()).contains(StoreCredentials.of("own", "key"));
  }

  @Test
  void twoEmptySecretsAreNotReady() throws IOException {
    assertThat(StoreLookup.look(store("")))
        .isEqualTo(
            new StoreState.NotReady(first + " is still empty; " + second + " is still empty"));
  }

  @Test
  void ofTwoSecretsTheNewerOneIsTaken() throws IOException {
    write(first, "older");
    write(second, "newer");
    Files.setLastModifiedTime(first, FileTime.from(Instant.now().minusSeconds(100)));

    assertThat(ready("").credentials().current())
        .contains(StoreCredentials.of("newer", "secret-of-newer"));
  }

  @Test
  void whenTheStoreRefusesTheNewerSecretTheOlderOneIsUsed() throws IOException {
    write(first, "older");
    write(second, "newer");
    Files.setLastModifiedTime(first, FileTime.from(Instant.now().minusSeconds(100)));
    S3Settings settings = ready("");

    assertThat(settings.credentials().refresh()).isTrue();

    assertThat(settings.credentials().current())
        .contains(StoreCredentials.of("older", "secret-of-older"));
  }

  @Test
  void aNewerSecretThatIsIncompleteDoesNotHideAnOlderCompleteOne() throws IOException {
    write(first, "older");
    Files.setLastModifiedTime(first, FileTime.from(Instant.now().minusSeconds(100)));
    Files.writeString(second.resolve("BUCKET_NAME"), "half");

    assertThat(ready("").credentials().current())
        .contains(StoreCredentials.of("older", "secret-of-older"));
  }

  @Test
  void anIncompleteSecretAloneIsNamed() throws IOException {
    Files.writeString(second.resolve("BUCKET_NAME"), "half");

    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> StoreLookup.look(store("")))
        .withMessageStartingWith(second + ": half a BucketInfo: AWS_ACCESS_KEY_ID is missing");
  }

  @Test
  void aRotatedSecretIsReadWhenTheStoreRefuses() throws IOException {
    write(first, "old");
    S3Settings settings = ready("");

    write(first, "rotated");

    assertThat(settings.credentials().refresh()).isTrue();
    assertThat(settings.credentials().current())
        .contains(StoreCredentials.of("rotated", "secret-of-rotated"));
  }

  @Test
  void aBucketOfAzureIsRefusedByName() throws IOException {
    Files.writeString(first.resolve("AZURE_STORAGE_ACCOUNT"), "acct");
    Files.writeString(
        first.resolve("AZURE_STORAGE_SAS_TOKEN"), "https://acct.blob.core.windows.net/c?sig=1");

    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> StoreLookup.look(store("")))
        .withMessage(
            first
                + ": the bucket speaks Azure, for which this version has no client; claim a bucket"
                + " with protocol S3");
  }

  private S3Settings ready(String keys) throws IOException {
    StoreState state = StoreLookup.look(store(keys));
    assertThat(state).isInstanceOf(StoreState.Ready.class);
    return (S3Settings) ((StoreState.Ready) state).settings();
  }

  private Store store(String keys) {
    String text =
        """
        databases:
          - path: /data/app.db
            destinations:
              - bucket-info: [%s, %s]
        """
            .formatted(first, second);
    return new ConfigurationReader(Map.of(), true)
        .parse(text + keys.indent(8), "t.yml")
        .configuration()
        .databases()
        .getFirst()
        .destinations()
        .getFirst()
        .store();
  }

  private static void write(Path mount, String keyId) throws IOException {
    String document =
        """
        {"spec":{"bucketName":"from-cosi","authenticationType":"Key","secretS3":
         {"endpoint":"rgw.example","region":"","accessKeyID":"%s","accessSecretKey":"secret-of-%1$s"},
         "protocols":["s3"]}}
        """
            .formatted(keyId);
    Path written = Files.writeString(mount.resolve("new"), document);
    Files.move(written, mount.resolve("BucketInfo"), StandardCopyOption.ATOMIC_MOVE);
  }
}
