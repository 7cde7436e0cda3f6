package dev.tidewal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidewal.core.AccessKey;
import dev.tidewal.core.BucketInfo;
import dev.tidewal.core.ByteSize;
import dev.tidewal.core.Secret;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.CaBundle;
import dev.tidewal.replica.CredentialsSource;
import dev.tidewal.replica.FileSettings;
import dev.tidewal.replica.S3Endpoint;
import dev.tidewal.replica.S3Endpoint.Addressing;
import dev.tidewal.replica.S3Settings;
import dev.tidewal.replica.S3Storage;
import dev.tidewal.replica.StoreCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three documents in the test's resources, read as a whole. */
class ConfigurationReaderTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("LITESTREAM_KEY", "AKIA", "LITESTREAM_SECRET", "s3cr3t");

  @Test
  void tidewalsOwnFileIsReadWithInheritedAndOwnValues() {
    LoadedConfiguration loaded = load("tidewal.yml");

    assertThat(loaded.notes()).isEmpty();
    Configuration configuration = loaded.configuration();
    assertThat(configuration.addr()).isEqualTo(new ListenAddress("", 9797));
    assertThat(configuration.logging())
        .isEqualTo(new LoggingConfig(System.Logger.Level.DEBUG, LoggingConfig.Format.JSON, false));
    assertThat(configuration.spoolLimit()).isEqualTo(ByteSize.parse("2GiB"));
    assertThat(configuration.shutdownTimeout()).isEqualTo(Duration.ofMinutes(1));

    DatabaseConfig app = configuration.databases().getFirst();
    assertThat(app.source()).isEqualTo(new DatabaseSource.File(Path.of("/data/app.db")));
    assertThat(app.stateDirectory()).contains(Path.of("/state/app"));
    assertThat(app.convert()).isFalse();
    assertThat(app.walLimit()).isEqualTo(ByteSize.ofMebibytes(64));
    assertThat(app.destinations())
        .containsExactly(
            new DestinationConfig(
                "s3",
                new Store.Fixed(
                    S3Settings.of("backups", "app")
                        .withEndpoint(S3Endpoint.AWS.withRegion("eu-west-1"))),
                Duration.ofSeconds(1),
                10,
                new Throttle(Optional.empty(), Optional.empty()),
                new Schedule(
                    List.of(Duration.ofSeconds(30), Duration.ofMinutes(5)),
                    Optional.of(Duration.ofHours(1)),
                    Duration.ofDays(1),
                    Duration.ofDays(7),
                    true)),
            new DestinationConfig(
                "second",
                new Store.Fixed(new FileSettings(Path.of("/backup/app"))),
                Duration.ofSeconds(1),
                10,
                new Throttle(Optional.of(ByteSize.ofMebibytes(10)), Optional.of(50)),
                new Schedule(
                    List.of(Duration.ofSeconds(30), Duration.ofMinutes(5)),
                    Optional.of(Duration.ofHours(1)),
                    Duration.ofHours(1),
                    Duration.ofDays(7),
                    false)));

    DatabaseConfig tenants = configuration.databases().getLast();
    assertThat(tenants.source())
        .isEqualTo(new DatabaseSource.Directory(Path.of("/data/tenants"), "*.db", true, false));
    assertThat(tenants.convert()).isTrue();
    assertThat(tenants.destinations().getFirst().store())
        .isEqualTo(
            new Store.FromBucketInfo(
                List.of(Path.of("/cosi/a"), Path.of("/cosi/b")),
                "tenants",
                new BucketInfo.Overrides(
                    Optional.of("real-name"),
                    Optional.empty(),
                    Optional.of("eu-west-1"),
                    Optional.empty(),
                    Optional.empty()),
                S3Endpoint.AWS
                    .withRegion("eu-west-1")
                    .withCaBundle(new CaBundle.PemFile(Path.of("/etc/ca.pem"))),
                S3Storage.DEFAULT,
                Optional.of(new Secret("tok"))));
  }

  @Test
  void anUnchangedFileOfLitestream03Works() {
    LoadedConfiguration loaded = load("litestream-0.3.yml");

    Configuration configuration = loaded.configuration();
    assertThat(configuration.addr()).isEqualTo(new ListenAddress("", 9090));
    assertThat(configuration.exec()).contains("bin/rails server");
    assertThat(configuration.logging())
        .isEqualTo(new LoggingConfig(System.Logger.Level.WARNING, LoggingConfig.Format.JSON, true));

    DatabaseConfig production = configuration.databases().getFirst();
    assertThat(production.litestreamDirectory()).contains(Path.of("/data/.meta"));
    assertThat(production.checkpoints())
        .isEqualTo(
            new DatabaseConfig.CheckpointPolicy(
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                ByteSize.ofMebibytes(4),
                ByteSize.ofMebibytes(16)));
    assertThat(production.destinations())
        .extracting(DestinationConfig::name)
        .containsExactly("aws", "spaces", "file");
    DestinationConfig aws = production.destinations().getFirst();
    assertThat(aws.store())
        .isEqualTo(
            new Store.Fixed(
                S3Settings.of("acme-backups", "production")
                    .withEndpoint(S3Endpoint.AWS.withRegion("eu-central-1"))
                    .withCredentials(fixed("AKIA", "s3cr3t"))));
    assertThat(aws.syncInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(aws.schedule().retention()).isEqualTo(Duration.ofDays(3));
    assertThat(aws.schedule().snapshotInterval()).isEqualTo(Duration.ofHours(12));
    assertThat(production.destinations().get(1).store())
        .isEqualTo(
            new Store.Fixed(
                S3Settings.of("acme", "production")
                    .withEndpoint(
                        S3Endpoint.at(URI.create("https://nyc3.digitaloceanspaces.com"))
                            .withRegion("nyc3"))
                    .withCredentials(fixed("DO00", "do-secret"))));
    DestinationConfig nas = production.destinations().getLast();
    assertThat(nas.store())
        .isEqualTo(new Store.Fixed(new FileSettings(Path.of("/mnt/nas/production"))));
    assertThat(nas.schedule().retention()).isEqualTo(Duration.ofHours(4));
    assertThat(nas.schedule().snapshotInterval()).isEqualTo(Duration.ofHours(4));

    DatabaseConfig queue = configuration.databases().getLast();
    assertThat(queue.source())
        .isEqualTo(new DatabaseSource.File(Path.of(System.getProperty("user.home"), "queue.db")));
    assertThat(queue.destinations().getFirst().store())
        .isEqualTo(
            new Store.Fixed(
                S3Settings.of("acme-backups", "queue")
                    .withEndpoint(
                        S3Endpoint.at(URI.create("https://minio.internal:9000"))
                            .withAddressing(Addressing.PATH)
                            .withSkipVerify(true))
                    .withCredentials(fixed("AKIA", "s3cr3t"))));

    assertThat(loaded.notes())
        .extracting(ConfigNote::toString)
        .filteredOn(note -> !note.contains("checkpoint"))
        .containsExactly(
            "litestream-0.3.yml:19: busy-timeout is not needed: locks are tried for in short steps",
            "litestream-0.3.yml:27: retention-check-interval is not needed: retention runs when it"
                + " has work",
            "litestream-0.3.yml:29: validation-interval is not supported: run 'tidewal verify' from"
                + " a timer");
  }

  @Test
  void anUnchangedFileOfLitestream05Works() {
    LoadedConfiguration loaded = load("litestream-0.5.yml");

    Configuration configuration = loaded.configuration();
    assertThat(configuration.shutdownTimeout()).isEqualTo(Duration.ofSeconds(45));
    assertThat(configuration.logging())
        .isEqualTo(new LoggingConfig(System.Logger.Level.DEBUG, LoggingConfig.Format.TEXT, false));

    DatabaseConfig tenants = configuration.databases().getFirst();
    assertThat(tenants.source())
        .isEqualTo(
            new DatabaseSource.Directory(Path.of("/var/lib/tenants"), "*.sqlite", true, true));
    DestinationConfig tenant = tenants.destinations().getFirst();
    assertThat(tenant.store())
        .isEqualTo(
            new Store.Fixed(
                S3Settings.of("tenants", "tenants")
                    .withEndpoint(S3Endpoint.AWS.withRegion("us-west-2"))
                    .withStorage(
                        S3Storage.DEFAULT
                            .withStorageClass("STANDARD_IA")
                            .withSmallestPart(ByteSize.ofMebibytes(8))
                            .withConcurrentParts(2)
                            .withEncryption(
                                new S3Storage.Encryption.Kms(Optional.of("alias/backup"))))));
    assertThat(tenant.syncInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(tenant.schedule())
        .isEqualTo(
            new Schedule(
                List.of(Duration.ofMinutes(1), Duration.ofMinutes(10)),
                Optional.empty(),
                Duration.ofHours(6),
                Duration.ofDays(7),
                false));

    DatabaseConfig app = configuration.databases().get(1);
    assertThat(app.source()).isEqualTo(new DatabaseSource.File(Path.of("/srv/app.db")));
    assertThat(app.restoreIfMissing()).isTrue();
    assertThat(app.destinations().getFirst().store().shown())
        .isEqualTo("s3://app-backups/app?endpoint=https://fly.storage.tigris.dev");

    assertThat(configuration.databases().getLast().destinations().getFirst().store())
        .isEqualTo(new Store.Fixed(new FileSettings(Path.of("/backup/local.db"))));

    assertThat(loaded.notes())
        .extracting(note ->
            note.severity() + " " + note.where() + " " + note.message().replaceFirst(":.*", ""))
        .containsExactly(
            "WARNING litestream-0.5.yml:3 socket is not supported",
            "INFO litestream-0.5.yml:13 l0-retention-check-interval is not needed",
            "INFO litestream-0.5.yml:14 verify-compaction is not needed",
            "WARNING litestream-0.5.yml:17 heartbeat-url is not supported",
            "WARNING litestream-0.5.yml:19 mcp-addr is not supported",
            "INFO litestream-0.5.yml:42 auto-recover is not needed",
            "INFO litestream-0.5.yml:45 truncate-page-n is not needed");
  }

  @Test
  void argumentsOfTheCommandLineAreAConfigurationToo() {
    Configuration configuration =
        new ConfigurationReader(Map.of(), true)
            .ofArguments("data/app.db", List.of("s3://bucket/app", "/backup/app"))
            .configuration();

    DatabaseConfig database = configuration.databases().getFirst();
    assertThat(database.source())
        .isEqualTo(new DatabaseSource.File(Path.of("data/app.db").toAbsolutePath()));
    assertThat(database.destinations())
        .extracting(destination -> destination.name() + " " + destination.store().shown())
        .containsExactly("s3 s3://bucket/app", "file file:///backup/app");
    assertThat(configuration.addr()).hasToString("127.0.0.1:9797");
  }

  @Test
  void aWrongUrlOnTheCommandLineIsNamed() {
    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> new ConfigurationReader(Map.of(), true).ofUrl("s4://bucket/app"))
        .withMessageStartingWith("replica URL s4://")
        .withMessageContaining("did you mean s3?");
  }

  @Test
  void argumentsInTheWrongOrderAreNoticed() {
    ConfigurationReader reader = new ConfigurationReader(Map.of(), true);

    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> reader.ofArguments("s3://bucket/app", List.of("/data/app.db")))
        .withMessage("'s3://bucket/app' is a URL: give the database first, then URLs");
    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> reader.ofArguments("/data/app.db", List.of()))
        .withMessage("no URL to replicate to: give the database first, then URLs");
  }

  @Test
  void theVariablesOfLitestreamAreCredentialsWhereAwssAreNotSet() {
    Map<String, String> litestreams =
        Map.of("LITESTREAM_ACCESS_KEY_ID", "LK", "LITESTREAM_SECRET_ACCESS_KEY", "LS");

    assertThat(credentials(litestreams)).isEqualTo(fixed("LK", "LS"));
    assertThat(
            credentials(
                Map.of(
                    "LITESTREAM_ACCESS_KEY_ID", "LK",
                    "LITESTREAM_SECRET_ACCESS_KEY", "LS",
                    "AWS_ACCESS_KEY_ID", "A")))
        .isEqualTo(CredentialsSource.defaultChain());
  }

  @Test
  void aFileThatIsNotThereIsNamed(@TempDir Path directory) {
    Path file = directory.resolve("tidewal.yml");

    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> new ConfigurationReader(Map.of(), true).read(file))
        .withMessage(file + ": there is no such configuration file; name one with -config");
  }

  @Test
  void aFileThatIsNoTextIsNamed(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("app.db"), new byte[] {(byte) 0xff, 0, 1});

    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> new ConfigurationReader(Map.of(), true).read(file))
        .withMessage(file + ": not text in UTF-8, so not a configuration");
  }

  @Test
  void aDatabaseOfADirectoryGetsPlacesOfItsOwn() {
    Configuration configuration = load("litestream-0.5.yml").configuration();

    DatabaseConfig tenant =
        configuration.find(Path.of("/var/lib/tenants/eu/acme.sqlite")).orElseThrow();

    assertThat(tenant.source())
        .isEqualTo(new DatabaseSource.File(Path.of("/var/lib/tenants/eu/acme.sqlite")));
    assertThat(tenant.litestreamDirectory())
        .contains(Path.of("/var/lib/meta/eu/.acme.sqlite-litestream"));
    assertThat(tenant.destinations().getFirst().store().shown())
        .isEqualTo("s3://tenants/tenants/eu/acme.sqlite");
    assertThat(configuration.find(Path.of("/var/lib/tenants/eu/acme.txt"))).isEmpty();
    assertThat(configuration.find(Path.of("/srv/app.db"))).isPresent();
  }

  private static CredentialsSource credentials(Map<String, String> environment) {
    DestinationConfig destination =
        new ConfigurationReader(environment, true).ofUrl("s3://bucket/app");
    return destination.store() instanceof Store.Fixed(S3Settings s3)
        ? s3.credentials()
        : CredentialsSource.defaultChain();
  }

  private static CredentialsSource fixed(String id, String secret) {
    return CredentialsSource.fixed(
        new StoreCredentials(new AccessKey(id, new Secret(secret)), Optional.empty()));
  }

  private static LoadedConfiguration load(String resource) {
    try (var in = ConfigurationReaderTest.class.getResourceAsStream(resource)) {
      return new ConfigurationReader(ENVIRONMENT, true)
          .parse(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8), resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
