package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.replica.ProbeReport.Capability;
import dev.tidewal.replica.ProbeReport.Outcome;
import dev.tidewal.testing.Peers;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the probe says of real servers. */
@Tag("integration")
final class StoreProbeServersTest {
  @TempDir Path directory;

  @Test
  void aStoreThatKeepsConditionsIsFoundToDoSo() throws IOException {
    try (StoreServer server = Peers.startS3(directory)) {
      ProbeReport report = probe(server);

      assertThat(report.findings()).noneMatch(finding -> finding.outcome() != Outcome.YES);
      assertThat(report.conditionalCreate()).isTrue();
    }
  }

  @Test
  void aStoreThatIgnoresConditionsIsFoundOut() throws IOException {
    try (StoreServer server = Peers.startRclone(directory)) {
      ProbeReport report = probe(server);

      assertThat(report.conditionalCreate()).isFalse();
      assertThat(report.outcome(Capability.STALE_CREATE)).isEqualTo(Outcome.NO);
      assertThat(report.outcome(Capability.CREATE_RACE)).isEqualTo(Outcome.NO);
      assertThat(report.outcome(Capability.STALE_MULTIPART)).isEqualTo(Outcome.NO);
      assertThat(report.outcome(Capability.LIST_FROM)).isEqualTo(Outcome.NO);
      assertThat(report.outcome(Capability.METADATA)).isEqualTo(Outcome.YES);
      assertThat(report.outcome(Capability.RANGE_READ)).isEqualTo(Outcome.YES);
    }
  }

  private static ProbeReport probe(StoreServer server) {
    S3Contract.createBucket(server.endpoint());
    try (ReplicaClients clients = new ReplicaClients()) {
      return StoreProbe.run(
          S3Settings.of(S3Contract.BUCKET, "db")
              .withEndpoint(S3Endpoint.at(server.endpoint()))
              .withCredentials(
                  CredentialsSource.fixed(
                      StoreCredentials.of(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY))),
          clients);
    }
  }
}
