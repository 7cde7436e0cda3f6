package dev.tidewal.operator.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tidewal.config.Configuration;
import dev.tidewal.config.ConfigurationReader;
import dev.tidewal.config.DestinationConfig;
import dev.tidewal.config.LoadedConfiguration;
import dev.tidewal.config.Store;
import dev.tidewal.crds.ReplicationSpec;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sidecar's own reader judges what we write for it. */
class SidecarConfigurationTest {
  private static final String S3 = "{bucket: backups, endpoint: 'http://s3:9000'}";

  @Test
  void aDeploymentsReplicaHasNoPodInItsPath() throws IOException {
    Configuration read = read("databases: [{path: /data/app.db}]", "[{s3: " + S3 + "}]", "");

    assertThat(onlyDestination(read).store().shown()).contains("backups/prod/shop/data!app.db?");
  }

  @Test
  void aStatefulSetsReplicasAreApart() throws IOException {
    Configuration read = read("databases: [{path: /data/app.db}]", "[{s3: " + S3 + "}]", "shop-1/");

    assertThat(onlyDestination(read).store().shown())
        .contains("backups/prod/shop/shop-1/data!app.db?");
  }

  @Test
  void whatAPathMayNotHoldIsEscaped() throws IOException {
    Configuration read = read("databases: [{path: '/data/ä b!/app.db'}]", "[{s3: " + S3 + "}]", "");

    assertThat(onlyDestination(read).store().shown()).contains("data!%C3%A4%20b%21!app.db");
  }

  @Test
  void keysComeFromTheMountedSecret() throws IOException {
    Configuration read =
        read(
            "databases: [{path: /data/app.db}]",
            "[{name: far, s3: {bucket: backups, credentials: {secretName: keys}}}]",
            "");

    assertThat(onlyDestination(read).store())
        .isInstanceOfSatisfying(
            Store.FromBucketInfo.class,
            from -> assertThat(from.paths()).hasToString("[/var/run/tidewal/bucket/far-a]"));
  }

  @Test
  void aCosiBucketHasTwoPlacesForItsSecrets() throws IOException {
    Configuration read =
        read(
            "databases: [{path: /data/app.db}]",
            "[{cosi: {bucketClassName: c, bucketAccessClassName: a}}]",
            "");

    assertThat(onlyDestination(read).store())
        .isInstanceOfSatisfying(
            Store.FromBucketInfo.class, from -> assertThat(from.paths()).hasSize(2));
  }

  @Test
  void everySettingArrives() throws IOException {
    LoadedConfiguration loaded =
        load(
            """
            databases:
              - {path: /data/app.db, syncInterval: 2s, snapshot: {interval: 6h}, convert: false}
              - {glob: '/data/many/**/*.sqlite'}
            syncInterval: 5s
            snapshot: {interval: 12h, retention: 48h}
            limits: {wal: 64MiB, spool: 2GiB, bandwidth: 10MB, requests: 20}
            restore: {policy: Never}
            destinations:
              - name: near
                s3:
                  bucket: b
                  endpoint: https://s3.local
                  region: here
                  addressing: Virtual
                  ca: {configMapName: authority}
              - name: far
                file: {path: /backup}
            """,
            "");

    assertThat(loaded.notes()).isEmpty();
    Configuration read = loaded.configuration();
    assertThat(read.databases()).hasSize(2);
    assertThat(read.databases().getFirst().destinations()).hasSize(2);
    assertThat(read.databases().getFirst().toString()).contains("PT2S", "PT6H", "PT48H");
    assertThat(read.databases().getLast().toString()).contains("PT5S", "PT12H", "*.sqlite");
    assertThat(read.addr()).hasToString(":9797");
  }

  @Test
  void wildcardsInDirectoriesAreRefused() {
    assertThatThrownBy(() ->
            load("databases: [{glob: '/data/*/a.db'}]\ndestinations: [{file: {path: /b}}]", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/data/*/a.db");
  }

  @Test
  void dollarSignsAreNoVariables() throws IOException {
    String odd = "/data/$HOME/${HOME}/$$/$1/a\\$b$.db";
    LoadedConfiguration loaded =
        load(
            """
            databases: [{path: '%s'}, {glob: '/many/$HOME/$*.db'}]
            destinations:
              - name: near
                file: {path: '/backup/$HOME'}
              - name: far
                prefix: '$HOME/{pod}/{database}'
                s3: {bucket: '$HOME', endpoint: 'https://s3.local/$HOME'}
            """
                .formatted(odd),
            "shop-1/",
            "root");

    assertThat(loaded.notes()).isEmpty();
    Configuration read = loaded.configuration();
    assertThat(read.databases().getFirst().toString()).contains(odd).contains("/backup/$HOME/");
    assertThat(read.databases().getLast().toString()).contains("/many/$HOME").contains("$*.db");
    assertThat(read.databases().getFirst().destinations().getLast().store().shown())
        .contains("$HOME/$HOME/shop-1/data!%24HOME");
    assertThat(read.toString()).doesNotContain("/root");
  }

  @Test
  void whereAllPodsHaveOneReplicaIsKnown() throws IOException {
    ReplicationSpec replication =
        new YAMLMapper()
            .readValue(
                """
                databases: [{path: /data/app.db}]
                destinations:
                  - {name: usual, s3: {bucket: b}}
                  - {name: own, s3: {bucket: b}, prefix: '/{pod}/{database}'}
                  - {name: common, s3: {bucket: b}, prefix: 'all/{database}'}
                """,
                ReplicationSpec.class);

    assertThat(SidecarConfiguration.sharedDestinations(replication)).containsExactly("common");
  }

  private static DestinationConfig onlyDestination(Configuration configuration) {
    return configuration.databases().getFirst().destinations().getFirst();
  }

  private static Configuration read(String databases, String destinations, String pod)
      throws IOException {
    LoadedConfiguration loaded = load(databases + "\ndestinations: " + destinations, pod);
    assertThat(loaded.notes()).isEmpty();
    return loaded.configuration();
  }

  private static LoadedConfiguration load(String spec, String pod) throws IOException {
    return load(spec, pod, "");
  }

  private static LoadedConfiguration load(String spec, String pod, String home) throws IOException {
    ReplicationSpec replication = new YAMLMapper().readValue(spec, ReplicationSpec.class);
    String yaml = SidecarConfiguration.yaml("prod", "shop", replication);
    return new ConfigurationReader(Map.of(Layout.POD_SEGMENT, pod, "HOME", home), true)
        .parse(yaml, "tidewal.yml");
  }
}
