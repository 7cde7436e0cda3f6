package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.Secret;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.S3Endpoint.Addressing;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplicaUrlTest {
  @ParameterizedTest
  @CsvSource({
    "/var/replica, /var/replica",
    "replica, replica",
    "file:///var/replica, /var/replica",
    "file:/var/replica, /var/replica",
    "file://localhost/var/replica, /var/replica",
    "file://var/replica, /var/replica",
    "file:///var/my%20replica, /var/my replica",
    "file:///var/a+b, /var/a+b"
  })
  void aPathOrFileUrlIsADirectory(String text, String path) {
    assertThat(ReplicaUrl.parse(text)).isEqualTo(new FileSettings(Path.of(path)));
  }

  @ParameterizedTest
  @CsvSource({
    "s3://bucket, bucket, ''",
    "s3://bucket/, bucket, ''",
    "S3://bucket/a/b, bucket, a/b",
    "s3://bucket/a//b/./c/, bucket, a/b/c",
    "s3://my.bucket.example/db, my.bucket.example, db",
    "s3://arn:aws:s3:eu-west-1:123:accesspoint/mine/a/b, arn:aws:s3:eu-west-1:123:accesspoint/mine, a/b"
  })
  void anS3UrlIsABucketAndAPrefix(String text, String bucket, String prefix) {
    S3Settings settings = s3(text);

    assertThat(settings.bucket()).isEqualTo(bucket);
    assertThat(settings.prefix()).isEqualTo(prefix);
    assertThat(settings.endpoint().isCustom()).isFalse();
  }

  @Test
  void anAccessPointNamesItsRegion() {
    assertThat(s3("s3://arn:aws:s3:eu-west-1:123:accesspoint/mine").endpoint().region())
        .hasValue("eu-west-1");
  }

  @ParameterizedTest
  @CsvSource({
    "s3://b.s3.eu-1.amazonaws.com/p, b, '', eu-1",
    "s3://b.localhost:9000/p, b, http://localhost:9000, ''",
    "s3://b.nyc3.digitaloceanspaces.com/p, b, https://nyc3.digitaloceanspaces.com, nyc3",
    "s3://b.s3.us-west-002.backblazeb2.com/p, b, https://s3.us-west-002.backblazeb2.com, us-west-002",
    "s3://b.s3.filebase.com/p, b, https://s3.filebase.com, ''"
  })
  void hostNamesOfStoresAreUnderstoodAsLitestreamDoes(
      String text, String bucket, String endpoint, String region) {
    S3Settings settings = s3(text);

    assertThat(settings.bucket()).isEqualTo(bucket);
    assertThat(settings.endpoint().uri())
        .isEqualTo(Optional.of(endpoint).filter(uri -> !uri.isEmpty()).map(URI::create));
    assertThat(settings.endpoint().region().orElse("")).isEqualTo(region);
  }

  @ParameterizedTest
  @CsvSource({
    "minio:9000, https://minio:9000",
    "localhost:9000, http://localhost:9000",
    "10.1.2.3:9000, http://10.1.2.3:9000",
    "172.20.0.1, http://172.20.0.1",
    "s3.example.com/, https://s3.example.com",
    "http://s3.example.com, http://s3.example.com",
    "https://s3.example.com/base/, https://s3.example.com/base"
  })
  void aBareHostIsHttpsUnlessItIsLocal(String endpoint, String uri) {
    assertThat(s3("s3://b/p?endpoint=" + endpoint).endpoint().uri()).hasValue(URI.create(uri));
  }

  @Test
  void aCustomEndpointMeansPathStyleUnlessToldOtherwise() {
    assertThat(s3("s3://b/p").endpoint().pathStyle()).isFalse();
    assertThat(s3("s3://b/p?endpoint=s3.example.com").endpoint().pathStyle()).isTrue();
    assertThat(s3("s3://b/p?endpoint=s3.eu-1.amazonaws.com").endpoint().pathStyle()).isFalse();
    assertThat(s3("s3://b/p?endpoint=s3.example.com&force-path-style=false").endpoint().pathStyle())
        .isFalse();
    assertThat(s3("s3://b/p?forcePathStyle=true").endpoint().addressing())
        .isEqualTo(Addressing.PATH);
  }

  @Test
  void everyParameterIsRead() {
    S3Settings settings =
        s3(
            "s3://b/p?region=eu-1&skip-verify=true&sign-payload=false&requireContentMD5=false"
                + "&part-size=8MiB&concurrency=2&storageClass=STANDARD_IA&sse=aws:kms"
                + "&connect-timeout=3s&read-timeout=40s&ca-bundle=%2Fetc%2Fca.pem");

    assertThat(settings.endpoint())
        .isEqualTo(
            S3Endpoint.AWS
                .withRegion("eu-1")
                .withSkipVerify(true)
                .withSignPayload(false)
                .withTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(40))
                .withCaBundle(new CaBundle.PemFile(Path.of("/etc/ca.pem"))));
    assertThat(settings.storage())
        .isEqualTo(
            new S3Storage(
                new S3Storage.Encryption.Kms(Optional.empty()),
                Optional.of("STANDARD_IA"),
                ByteSize.ofMebibytes(8),
                2,
                false));
  }

  @Test
  void theBundleMayBeCalledAFile() {
    assertThat(s3("s3://b/p?ca-file=/etc/ca.pem")).isEqualTo(s3("s3://b/p?ca-bundle=/etc/ca.pem"));
    assertThatThrownBy(() -> s3("s3://b/p?ca-file=/etc/a.pem&ca-bundle=/etc/b.pem"))
        .isInstanceOf(TidewalException.Usage.class)
        .hasMessageContaining("ca-bundle is there twice");
  }

  @Test
  void aCustomersKeyIsReadAndNeverShown() {
    String key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    S3Settings settings = s3("s3://b/p?sseCustomerAlgorithm=AES256&sseCustomerKey=" + key);

    assertThat(settings.storage().encryption())
        .isEqualTo(new S3Storage.Encryption.CustomerKey(new Secret(key)));
    assertThat(settings.toString()).doesNotContain(key);
    assertThatThrownBy(() -> s3("s3://b/p?sse-customer-key=hunter2"))
        .isInstanceOf(TidewalException.Usage.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aCustomersKeyDoesNotGoOverPlainHttp() {
    String key = "&sse-customer-key=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    assertThatThrownBy(() -> s3("s3://b/p?endpoint=http://s3.example.com" + key))
        .isInstanceOf(TidewalException.Usage.class)
        .hasMessageContaining("https");
    assertThat(s3("s3://b/p?endpoint=http://127.0.0.1:9000" + key).bucket()).isEqualTo("b");
  }

  @Test
  void anUnknownSchemeNamesTheNearest() {
    assertThatThrownBy(() -> ReplicaUrl.parse("s33://bucket/db"))
        .isInstanceOf(TidewalException.Usage.class)
        .hasMessage(
            "replica URL s33://...: unknown scheme, did you mean s3?; known: /path, file:///path,"
                + " s3://bucket/prefix");
  }

  @Test
  void aStoreThatIsNotSupportedYetSaysSo() {
    assertThatThrownBy(() -> ReplicaUrl.parse("sftp://host/db"))
        .isInstanceOf(TidewalException.Usage.class)
        .hasMessageContaining("not supported yet");
  }

  @Test
  void anUnknownParameterNamesTheNearest() {
    assertThatThrownBy(() -> s3("s3://b/p?enpoint=x"))
        .isInstanceOf(TidewalException.Usage.class)
        .hasMessage("replica URL: unknown parameter enpoint; did you mean endpoint?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "file:///",
        "s3://",
        "s3:///db",
        "s3://key:secret@bucket/db",
        "s3://b/p?region=a&region=b",
        "s3://b/p?force-path-style=maybe",
        "s3://b/p?part-size=1MiB",
        "s3://b/p?concurrency=0",
        "s3://b/p?read-timeout=30",
        "s3://b/p?endpoint=ftp://x",
        "s3://b/p?sse=rot13"
      })
  void whatMakesNoSenseIsAUsageError(String text) {
    assertThatThrownBy(() -> ReplicaUrl.parse(text)).isInstanceOf(TidewalException.Usage.class);
  }

  @Test
  void credentialsInAUrlAreNotRepeated() {
    assertThatThrownBy(() -> ReplicaUrl.parse("s3://key:secret@bucket/db"))
        .hasMessageNotContaining("secret@");
  }

  @Test
  void aUrlIsShownWithoutItsQuery() {
    assertThat(s3("s3://b/p?endpoint=http://h:1&sse=AES256").url())
        .isEqualTo("s3://b/p?endpoint=http://h:1");
  }

  private static S3Settings s3(String url) {
    return (S3Settings) ReplicaUrl.parse(url);
  }
}
