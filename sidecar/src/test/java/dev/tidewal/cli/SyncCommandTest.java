package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.serve.EngineMetrics;
import dev.tidewal.serve.FakeDatabases;
import dev.tidewal.serve.StatusServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SyncCommandTest {
  private final Command command = new Command();
  private final FakeDatabases databases = new FakeDatabases();
  private StatusServer server;
  private String address;

  @BeforeEach
  void startSidecar() throws IOException {
    databases.put("/data/app.db", ReplicationState.REPLICATING, "Resumed", "");
    server =
        StatusServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            databases,
            new EngineMetrics());
    address = "127.0.0.1:" + server.address().getPort();
  }

  @AfterEach
  void stopSidecar() {
    server.close();
  }

  @Test
  void syncWaitsForTheRunningSidecar() {
    assertThat(command.run("sync", "-wait", "--addr", address, "/data/app.db")).isZero();
    assertThat(command.out()).isEqualTo("/data/app.db: durable at 000000000000000a\n");
  }

  @Test
  void aFencedDatabaseIsEightAndAnUnreachableStoreIsSix() {
    databases.put("/data/app.db", ReplicationState.FENCED, "Fenced", "");
    assertThat(command.run("sync", "--addr", address)).isEqualTo(8);
    assertThat(command.err()).startsWith("tidewal: /data/app.db: another owner");

    databases.put("/data/app.db", ReplicationState.DEGRADED, "StoreUnreachable", "");
    assertThat(command.run("sync", "--addr", address, "-timeout", "2")).isEqualTo(6);
  }

  @Test
  void anUnknownDatabaseIsTwo() {
    assertThat(command.run("sync", "--addr", address, "/data/ap.db")).isEqualTo(2);
    assertThat(command.err()).contains("did you mean /data/app.db?");
  }

  @Test
  void withoutASidecarTheCureIsNamed() {
    server.close();

    assertThat(command.run("sync", "--addr", address)).isEqualTo(6);
    assertThat(command.err()).contains("no sidecar answers at http://" + address, "--addr");
  }
}
