package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.replica.ProbeReport.Capability;
import dev.tidewal.replica.ProbeReport.Outcome;
import dev.tidewal.testing.S3ProxyServer;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreProbeTest {
  @TempDir Path directory;

  @Test
  void aDirectoryKeepsTheCondition() {
    try (ReplicaClients clients = new ReplicaClients()) {
      ProbeReport report = StoreProbe.run(new FileSettings(directory), clients);

      assertThat(report.conditionalCreate()).isTrue();
      assertThat(report.outcome(Capability.MULTIPART_RACE)).isEqualTo(Outcome.NOT_APPLICABLE);
      assertThat(report.findings())
          .hasSize(Capability.values().length)
          .noneMatch(finding -> finding.outcome() == Outcome.NO);
    }
  }

  @Test
  void nothingIsLeftInADirectory() throws IOException {
    try (ReplicaClients clients = new ReplicaClients()) {
      StoreProbe.run(new FileSettings(directory), clients);
    }

    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void everyCapabilityOfABucketIsTriedAndNothingIsLeft() throws Exception {
    try (S3ProxyServer server = S3ProxyServer.start(directory);
        ReplicaClients clients = new ReplicaClients()) {
      S3Contract.createBucket(server.endpoint());
      S3Settings settings =
          S3Settings.of(S3Contract.BUCKET, "db")
              .withEndpoint(S3Endpoint.at(server.endpoint()))
              .withCredentials(
                  CredentialsSource.fixed(
                      StoreCredentials.of(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)));

      ProbeReport report = StoreProbe.run(settings, clients);

      assertThat(report.findings()).hasSize(Capability.values().length);
      assertThat(report.outcome(Capability.STALE_CREATE)).isEqualTo(Outcome.YES);
      assertThat(report.outcome(Capability.READ_AFTER_WRITE)).isEqualTo(Outcome.YES);
      try (Stream<Path> left = Files.walk(directory.resolve(S3Contract.BUCKET))) {
        assertThat(left.filter(Files::isRegularFile)).isEmpty();
      }
    }
  }
}
