package dev.tidewal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.CredentialsSource;
import dev.tidewal.replica.S3Settings;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file of Litestream asks for and can't have, and what Litestream lets pass. */
class LitestreamFileTest {
  private static final String FILE =
      """
      dbs:
        - path: /data/app.db
          replica:
            url: s3://bucket/app
      """;

  @Test
  void encryptionWithAgeIsRefusedSinceTheReplicaWouldHoldPlainText() {
    assertRefused(
        FILE + "      age:\n        recipients: [age1xyz]\n",
        "l.yml:5: age is not supported: without it the replica would hold plain text; take the key"
            + " out, or encrypt in the store with sse-customer-key or sse-kms-key-id");
  }

  @Test
  void ageWithoutAnyKeyAsksForNothing() {
    assertThat(parse(FILE + "      age:\n        recipients: []\n").notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"abs", "gs", "gcs", "sftp", "nats", "oss", "webdav"})
  void aStoreWithoutAClientIsRefusedSinceNothingWouldBeReplicated(String type) {
    assertRefused(
        FILE.replace("url: s3://bucket/app", "type: " + type),
        "l.yml:4: dbs[0].replica[0].type '"
            + type
            + "' is a kind of store that this version does not support; use s3 or file");
  }

  @Test
  void theUrlOfAStoreWithoutAClientIsRefused() {
    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> parse(FILE.replace("s3://bucket/app", "sftp://user@host/app")))
        .withMessageStartingWith("l.yml:4: dbs[0].replica[0].url is wrong: ")
        .withMessageContaining("not supported");
  }

  @Test
  void replicaAndReplicasExcludeEachOther() {
    assertRefused(
        FILE + "    replicas:\n      - url: s3://b/c\n",
        "l.yml:2: a database has both 'replica' and 'replicas'; keep one");
  }

  @Test
  void errorsCarryTheNamesThatTheUserWrote() {
    assertRefused(
        "dbs:\n  - path: /a\n    replicas:\n      - url: s3://b/c\n        retention: 3 days\n",
        "l.yml:5: dbs[0].replicas[0].retention '3 days' is not a duration: write a number with a"
            + " unit, such as 100ms, 30s, 5m or 24h");
  }

  @Test
  void unknownKeysAreNotedWithTheNearestOneAndIgnoredAsLitestreamDoes() {
    assertThat(
            parse(
                    """
                    dbs:
                      - path: /data/app.db
                        watermark-table: _zero.state
                        replicas:
                          - url: s3://bucket/app
                            snapshot-intervall: 1h
                    snapshot:
                      intervals: 1h
                    logging: {levels: info}
                    """)
                .notes())
        .extracting(ConfigNote::toString)
        .containsExactly(
            "l.yml:8: unknown key 'intervals' of snapshot is ignored; did you mean 'interval'?",
            "l.yml:9: unknown key 'levels' of logging is ignored; did you mean 'level'?",
            "l.yml:3: unknown key 'watermark-table' of a database is ignored",
            "l.yml:6: unknown key 'snapshot-intervall' of a replica is ignored; did you mean"
                + " 'snapshot-interval'?");
  }

  @Test
  void theLastOfTwoEqualKeysCountsAsInLitestream() {
    LoadedConfiguration loaded = parse("addr: \":1\"\naddr: \":2\"\n" + FILE);

    assertThat(loaded.configuration().addr()).hasToString(":2");
    assertThat(loaded.notes())
        .extracting(ConfigNote::toString)
        .containsExactly("l.yml:2: key 'addr' stands in line 1 too; this one counts");
  }

  @Test
  void halfACredentialMeansTheDefaultChainAsInLitestream() {
    LoadedConfiguration loaded = parse("access-key-id: AKIA\n" + FILE);

    assertThat(loaded.configuration().databases().getFirst().destinations().getFirst().store())
        .isInstanceOfSatisfying(
            Store.Fixed.class,
            fixed ->
                assertThat(((S3Settings) fixed.settings()).credentials())
                    .isEqualTo(CredentialsSource.defaultChain()));
    assertThat(loaded.notes())
        .extracting(ConfigNote::toString)
        .containsExactly(
            "l.yml:1: access-key-id is set without 'secret-access-key', so AWS's default"
                + " credentials chain is used");
  }

  @Test
  void batchesThatWouldGoTooSoonStayForTwoMinutes() {
    LoadedConfiguration loaded = parse("l0-retention: 30s\n" + FILE);

    assertThat(
            loaded
                .configuration()
                .databases()
                .getFirst()
                .destinations()
                .getFirst()
                .schedule()
                .batchRetention())
        .contains(Duration.ofMinutes(2));
    assertThat(loaded.notes())
        .extracting(ConfigNote::toString)
        .containsExactly(
            "l.yml:1: l0-retention is shorter than 2m, which telling two writers apart needs, so 2m"
                + " it is");
  }

  @Test
  void theVariableLogLevelWinsOverTheFile() {
    Configuration configuration =
        new ConfigurationReader(Map.of("LOG_LEVEL", "error"), true)
            .parse("logging:\n  level: debug\n  type: json\n" + FILE, "l.yml")
            .configuration();

    assertThat(configuration.logging().level()).isEqualTo(Level.ERROR);
    assertThat(configuration.logging().format()).isEqualTo(LoggingConfig.Format.JSON);
  }

  /** Seen in requests of Litestream 0.5.18: its replica would not be found otherwise. */
  @ParameterizedTest
  @CsvSource({"/app", "app/", "a//b"})
  void thePathOfABucketIsTakenWithItsSlashesAsLitestreamTakesIt(String path) {
    Configuration configuration =
        parse(FILE.replace("url: s3://bucket/app", "{type: s3, bucket: b, path: '" + path + "'}"))
            .configuration();

    assertThat(configuration.databases().getFirst().destinations().getFirst().store())
        .isEqualTo(new Store.Fixed(S3Settings.of("b", path)));
  }

  @Test
  void thePathsOfADirectorysDatabasesAreJoinedAsLitestreamJoinsThem() {
    Configuration configuration =
        parse(
                """
                dbs:
                  - dir: /data
                    pattern: "*.db"
                    replica: {type: s3, bucket: b, path: /tenants/}
                """)
            .configuration();

    assertThat(configuration.find(java.nio.file.Path.of("/data/a.db")))
        .hasValueSatisfying(database ->
            assertThat(database.destinations().getFirst().store())
                .isEqualTo(new Store.Fixed(S3Settings.of("b", "/tenants/a.db"))));
  }

  @Test
  void aReplicaThatIsAlsoReachedThroughGlobalSettingsIsTheSame() {
    assertThat(
            parse(
                    """
                    type: s3
                    bucket: shared
                    endpoint: http://minio:9000
                    dbs:
                      - path: /data/app.db
                        replica:
                          type: s3
                          path: app
                    """)
                .configuration()
                .databases()
                .getFirst()
                .destinations()
                .getFirst()
                .store()
                .shown())
        .isEqualTo("s3://shared/app?endpoint=http://minio:9000");
  }

  private static void assertRefused(String text, String message) {
    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> parse(text))
        .withMessage(message);
  }

  private static LoadedConfiguration parse(String text) {
    return new ConfigurationReader(Map.of(), true).parse(text, "l.yml");
  }
}
