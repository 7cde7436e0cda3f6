package dev.tidewal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidewal.core.TidewalException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationErrorsTest {
  /** A valid file; tests replace its last lines, so that line numbers stay. */
  private static final String DATABASE =
      """
      databases:
        - path: /data/app.db
          destinations:
            - url: s3://bucket/app
      """;

  static Stream<Arguments> mistakes() {
    return Stream.of(
        // Typos, with the nearest key.
        mistake("datbases: []\n", "t.yml:1: unknown key 'datbases'; did you mean 'databases'?"),
        mistake(
            "wal_limit: 1GiB\n" + DATABASE,
            "t.yml:1: unknown key 'wal_limit'; did you mean 'wal-limit'?"),
        mistake(
            DATABASE + "        sync-intervall: 1s\n",
            "t.yml:5: unknown key 'sync-intervall' in databases[0].destinations[0]; did you mean"
                + " 'sync-interval'?"),
        mistake(
            DATABASE + "snapshot: {intervall: 1h}\n",
            "t.yml:5: unknown key 'intervall' in snapshot; did you mean 'interval'?"),
        mistake(
            DATABASE + "logging: {colour: red}\n",
            "t.yml:5: unknown key 'colour' in logging; known: level, stderr, type"),
        mistake(
            DATABASE + "        wal-limit: 1GiB\n",
            "t.yml:5: 'wal-limit' in databases[0].destinations[0] belongs to a database, not here"),
        mistake(
            DATABASE + "    replicas: []\n",
            "t.yml:5: unknown key 'replicas' in databases[0]; here it is 'destinations'"),
        mistake(
            DATABASE + "kubernetes-namespace: x\n",
            "t.yml:5: unknown key 'kubernetes-namespace'; docs/operations.md lists all keys"),
        // Values, with their unit.
        mistake(
            DATABASE + "        sync-interval: 30\n",
            "t.yml:5: databases[0].destinations[0].sync-interval '30' has no unit: write 30s for"
                + " seconds"),
        mistake(
            DATABASE + "        sync-interval: 0s\n",
            "t.yml:5: databases[0].destinations[0].sync-interval '0s' must be longer than 0, such"
                + " as 1s"),
        mistake(
            DATABASE + "l0-retention: soon\n",
            "t.yml:5: l0-retention 'soon' is not a duration: write a number with a unit, such as"
                + " 100ms, 30s, 5m or 24h"),
        mistake(
            DATABASE + "l0-retention: 90s\n",
            "t.yml:5: l0-retention is shorter than 2m, which telling two writers apart needs; write"
                + " 2m or more, or 0 for ever"),
        mistake(
            DATABASE + "        ca-bundle: /a.pem\n        ca-file: /b.pem\n",
            "t.yml:6: databases[0].destinations[0].ca-file is another name of 'ca-bundle'; keep"
                + " one"),
        mistake(
            DATABASE + "wal-limit: 256\n",
            "t.yml:5: wal-limit '256' is less than 1MiB, the least that replication needs"),
        mistake(
            DATABASE + "spool-limit: 1 Gig\n",
            "t.yml:5: spool-limit '1 Gig' is not a size: write bytes or a number with a unit, such"
                + " as 64KiB, 256MiB or 1GiB"),
        mistake(
            DATABASE + "bandwidth-limit: 0\n",
            "t.yml:5: bandwidth-limit '0' must be more than 0, such as 10MiB/s; leave the key out"
                + " for no limit"),
        mistake(
            DATABASE + "request-limit: 1.5\n",
            "t.yml:5: request-limit '1.5' is not a whole number from 1 to 999999999"),
        mistake(
            DATABASE + "part-size: 1MiB\n",
            "t.yml:5: part-size '1MiB' is less than 5MiB, the least that S3 takes"),
        mistake(
            DATABASE + "convert: maybe\n", "t.yml:5: convert 'maybe' is neither true nor false"),
        mistake(
            DATABASE + "logging:\n  level: wran\n",
            "t.yml:6: logging.level 'wran' is not one of debug, error, info, trace, warn, warning;"
                + " did you mean warn?"),
        mistake(
            DATABASE + "addr: 9797\n",
            "t.yml:5: addr '9797' is not an address: write host:port, :port for every interface, or"
                + " off"),
        mistake(
            DATABASE + "addr: \":70000\"\n",
            "t.yml:5: addr ':70000' is not an address: write host:port, :port for every interface,"
                + " or off"),
        mistake(
            DATABASE + "levels: [30s, 10s]\n",
            "t.yml:5: levels must rise: each level is longer than the one before"),
        mistake(DATABASE + "levels: [1us]\n", "t.yml:5: levels begins with less than 1ms"),
        mistake(
            DATABASE + "levels: [1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s]\n",
            "t.yml:5: levels has 9 levels: 1 to 8 are possible"),
        mistake(
            DATABASE + "levels:\n  - 30s\n  - five\n",
            "t.yml:7: levels 'five' is not a duration: write a number with a unit, such as 100ms,"
                + " 30s, 5m or 24h"),
        mistake(
            DATABASE + "checkpoint: {size: 32MiB}\n",
            "t.yml:5: checkpoint.size does not fit: the size 32MiB is more than the force-size 16MiB"),
        mistake(
            DATABASE + "endpoint: ftp://x\n",
            "t.yml:5: endpoint 'ftp://x' is not an endpoint: write a URL such as"
                + " https://s3.example.com, or a host with or without a port"),
        mistake(
            DATABASE + "sse-customer-key: verysecret\n",
            "t.yml:5: sse-customer-key is not a key of 32 bytes in base64"),
        mistake(
            DATABASE + "sse-customer-key-path: /nowhere/key\n",
            "t.yml:5: sse-customer-key-path '/nowhere/key' can't be read: NoSuchFileException"),
        mistake(
            DATABASE + "state-dir: /x\n", "t.yml:5: 'state-dir' belongs to a database, not here"),
        // Shapes.
        mistake("- a\n", "t.yml:1: not a map of keys; start with 'databases:'"),
        mistake(
            "databases: /data/app.db\n",
            "t.yml:1: databases '/data/app.db' is not a list: begin" + " each element with '- '"),
        mistake("databases:\n  - /data/app.db\n", "t.yml:2: databases[0] is not a map of keys"),
        mistake(
            DATABASE + "snapshot: 24h\n",
            "t.yml:5: snapshot is not a map of keys, such as snapshot.interval"),
        mistake(
            DATABASE + "wal-limit: [1GiB]\n",
            "t.yml:5: wal-limit is a list, but one value is expected"),
        mistake(
            DATABASE + "wal-limit: {max: 1GiB}\n",
            "t.yml:5: wal-limit is a map, but one value is expected"),
        mistake("? [a]\n: b\n", "t.yml:1: a key that is not text"),
        mistake(
            "addr: \":1\"\naddr: \":2\"\n" + DATABASE,
            "t.yml:2: key 'addr' stands in line 1 too; keep one"),
        mistake(
            "",
            "t.yml:1: names no database; list them under 'databases:' (in a Litestream file"
                + " 'dbs:')"),
        mistake(
            DATABASE + "dbs: []\n",
            "t.yml:5: 'dbs' (Litestream's) and 'databases' exclude each other"),
        // YAML.
        mistake(
            "databases: [\n",
            "t.yml:2: not valid YAML: expected the node content, but found" + " '<stream end>'"),
        mistake(
            "databases:\n\t- path: x\n",
            "t.yml:2: not valid YAML: found character '\\t(TAB)' that cannot start any token. (Do"
                + " not use \\t(TAB) for indentation)"),
        mistake(
            DATABASE + "     type: s3\n",
            "t.yml:5: not valid YAML, look at the indentation: expected <block end>, but found"
                + " '<block mapping start>'"),
        mistake(
            "a: *b\n",
            "t.yml:1: not valid YAML: found undefined alias (put quotes around the value)"),
        mistake("a: &a [*a]\n", "t.yml:1: too many aliases, or one that contains itself"),
        mistake(
            "a: \u0000\n",
            "t.yml:1: not valid YAML: a character that YAML doesn't allow, or too" + " deep"),
        // Databases.
        mistake(
            "databases:\n  - destinations: [s3://b/p]\n",
            "t.yml:2: databases[0] has neither 'path' nor 'dir'"),
        mistake(
            "databases:\n  - path: /a\n    dir: /b\n",
            "t.yml:2: databases[0] has both 'path' and 'dir': one database or a directory of them"),
        mistake(
            "databases:\n  - dir: /b\n",
            "t.yml:2: databases[0] has 'dir' without 'pattern', such as \"*.db\""),
        mistake(
            "databases:\n  - dir: /b\n    pattern: \"[\"\n",
            "t.yml:3: databases[0].pattern is not a pattern of file names: Missing ']"),
        mistake(
            DATABASE + "    watch: true\n",
            "t.yml:5: databases[0].watch needs 'dir', but this entry has 'path'"),
        mistake(
            "databases:\n  - path: s3://bucket/app\n",
            "t.yml:2: databases[0].path 's3://bucket/app' is a URL, but a path is expected; write"
                + " it under 'url'"),
        mistake(
            DATABASE + "  - path: /data/../data/app.db\n    destinations: [s3://b/other]\n",
            "t.yml:2: databases[0].path is the same database as in databases[1]"),
        mistake(
            DATABASE + "  - dir: /data\n    pattern: \"*.db\"\n    destinations: [s3://b/other]\n",
            "t.yml:2: databases[0].path is the same database as in databases[1]"),
        mistake(
            DATABASE + "  - path: /data/b.db\n    destinations: [s3://bucket/app]\n",
            "t.yml:5: databases[1] replicates to s3://bucket/app, as databases[0] does: each needs"
                + " a path of its own"),
        mistake(
            DATABASE + "        name: a\n      - url: s3://bucket/app\n        name: b\n",
            "t.yml:2: databases[0] replicates to s3://bucket/app, as another of its destinations"
                + " does: each needs a path of its own"),
        // Destinations.
        mistake(
            "databases:\n  - path: /a\n",
            "t.yml:2: databases[0] has no destination; list them under 'destinations:'"),
        mistake(
            DATABASE.replace("url: s3://bucket/app", "name: x"),
            "t.yml:4: databases[0].destinations[0] says nowhere to replicate to: set 'url', or"
                + " 'type' and 'path'"),
        mistake(
            DATABASE.replace("url: s3://bucket/app", "type: s3"),
            "t.yml:4: databases[0].destinations[0] names no bucket: set 'bucket' or 'url'"),
        mistake(
            DATABASE.replace("url: s3://bucket/app", "type: sftp"),
            "t.yml:4: databases[0].destinations[0].type 'sftp' is a kind of store that this version"
                + " does not support; use s3 or file"),
        mistake(
            DATABASE.replace("url: s3://bucket/app", "type: s5"),
            "t.yml:4: databases[0].destinations[0].type 's5' is not one of file, s3"),
        mistake(
            DATABASE + "        path: app\n",
            "t.yml:5: databases[0].destinations[0].path and 'url' exclude each other"),
        mistake(
            DATABASE + "        bucket: other\n",
            "t.yml:5: databases[0].destinations[0].bucket and 'url' exclude each other"),
        mistake(
            DATABASE + "        bucket-info: /cosi\n",
            "t.yml:5: databases[0].destinations[0].bucket-info and 'url' exclude each other"),
        mistake(
            DATABASE + "        type: file\n",
            "t.yml:5: databases[0].destinations[0].type is file, but the store is of type s3"),
        mistake(
            DATABASE + "        access-key-id: AKIA\n",
            "t.yml:5: databases[0].destinations[0].access-key-id is set without"
                + " 'secret-access-key'"),
        mistake(
            DATABASE + "        sse: AES256\n        sse-customer-key: " + "A".repeat(43) + "=\n",
            "t.yml:4: databases[0].destinations[0] asks for two encryptions: a customer's key"
                + " excludes 'sse' and KMS"),
        mistake(
            DATABASE + "        name: a\n      - url: file:///b\n        name: a\n",
            "t.yml:7: databases[0].destinations[1].name is the name of another destination of this"
                + " database too"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void everyMistakeIsNamedWithFileLineAndCure(String text, String message) {
    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> parse(text))
        .withMessage(message);
  }

  @Test
  void theFileThatTheMistakesStartFromIsRight() {
    assertThat(parse(DATABASE).notes()).isEmpty();
  }

  @Test
  void anS3KeyOfAFileDestinationIsNoted() {
    assertThat(parse(DATABASE.replace("s3://bucket", "file://") + "        region: eu\n").notes())
        .extracting(ConfigNote::toString)
        .containsExactly("t.yml:5: databases[0].destinations[0].region has no effect on files");
  }

  @Test
  void aMapThatStandsAtTheTopOnlyToBeMergedIsNoUnknownKey() {
    LoadedConfiguration loaded =
        parse(
            """
            x-slow: &slow
              sync-interval: 1m
            databases:
              - path: /data/app.db
                destinations:
                  - <<: *slow
                    url: s3://bucket/app
            """);

    assertThat(
            loaded.configuration().databases().getFirst().destinations().getFirst().syncInterval())
        .hasMinutes(1);
  }

  @Test
  void whatAMapSaysItselfWinsOverWhatIsMergedIntoIt() {
    LoadedConfiguration loaded =
        parse(
            """
            x-a: &a {sync-interval: 1m, sync-burst: 3}
            x-b: &b {sync-interval: 2m, sync-burst: 4}
            databases:
              - path: /data/app.db
                destinations: [{<<: [*a, *b], url: s3://bucket/app, sync-burst: 5}]
            """);

    DestinationConfig destination =
        loaded.configuration().databases().getFirst().destinations().getFirst();
    assertThat(destination.syncInterval()).hasMinutes(1);
    assertThat(destination.syncBurst()).isEqualTo(5);
  }

  @Test
  void manyDatabasesMayShareOneAlias() {
    StringBuilder text = new StringBuilder("x-d: &d {sync-interval: 1m}\ndatabases:\n");
    for (int i = 0; i < 1_000; i++) {
      text.append("  - path: /data/%d.db%n".formatted(i));
      text.append("    destinations: [{<<: *d, url: s3://bucket/%d}]%n".formatted(i));
    }

    assertThat(parse(text.toString()).configuration().databases()).hasSize(1_000);
  }

  @Test
  void emptyValuesCountAsNotSet() {
    Configuration configuration =
        parse("spool-limit:\naddr: \"\"\nwal-limit: ~\n" + DATABASE).configuration();

    assertThat(configuration.addr()).hasToString("127.0.0.1:9797");
    assertThat(configuration.spoolLimit()).hasToString("1GiB");
  }

  @Test
  void aDestinationInABucketIsBilledAndInAFileIsNot() {
    List<DestinationConfig> destinations =
        parse(DATABASE + "        name: a\n      - /backup/app\n")
            .configuration()
            .databases()
            .getFirst()
            .destinations();

    assertThat(destinations.getFirst().syncInterval()).hasSeconds(1);
    assertThat(destinations.getLast().syncInterval()).hasMillis(100);
  }

  private static Arguments mistake(String text, String message) {
    return Arguments.of(text, message);
  }

  private static LoadedConfiguration parse(String text) {
    return new ConfigurationReader(Map.of(), true).parse(text, "t.yml");
  }
}
