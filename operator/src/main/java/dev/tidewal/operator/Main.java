package dev.tidewal.operator;

import dev.tidewal.operator.certs.CertificateKeeper;
import dev.tidewal.operator.certs.Certificates;
import dev.tidewal.operator.certs.Issuer;
import dev.tidewal.operator.certs.Pem;
import dev.tidewal.operator.certs.ServerIdentity;
import dev.tidewal.operator.cosi.CosiBuckets;
import dev.tidewal.operator.inject.InjectionSettings;
import dev.tidewal.operator.inject.Injector;
import dev.tidewal.operator.position.CheckpointWriter;
import dev.tidewal.operator.position.PositionServer;
import dev.tidewal.operator.reconcile.ReplicationReconciler;
import dev.tidewal.operator.webhook.AdmissionServer;
import dev.tidewal.operator.webhook.KubernetesView;
import dev.tidewal.operator.webhook.WebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Starts the operator, and ends it on SIGTERM. */
public final class Main {
  private static final Duration LAST_RECONCILIATIONS = Duration.ofSeconds(10);

  private Main() {}

  /** {@return never, but by a signal} */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Settings settings = Settings.of(System.getenv());
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      run(settings, client);
    }
  }

  private static void run(Settings settings, KubernetesClient client)
      throws IOException, InterruptedException {
    WebhookConfiguration webhook = new WebhookConfiguration(client, settings.service());
    Issuer issuer = new Issuer(settings.names(), InstantSource.system());
    CosiBuckets cosi = new CosiBuckets(client);
    Trust trust = new Trust();
    try (CertificateKeeper _ =
            CertificateKeeper.start(
                client,
                settings.namespace(),
                settings.service() + "-certificates",
                issuer,
                certificates -> {
                  trust.change(certificates);
                  webhook.trust(trust.base64());
                });
        CheckpointWriter writer = new CheckpointWriter(client);
        PositionServer _ =
            PositionServer.start(
                new InetSocketAddress(settings.positionPort()), trust.identity(), client, writer);
        AdmissionServer _ =
            AdmissionServer.start(
                new InetSocketAddress(settings.webhookPort()),
                trust.identity(),
                new Injector(
                    new InjectionSettings(
                        settings.sidecarImage(),
                        Optional.of(settings.positionUrl()),
                        settings.leastGracePeriod())),
                new KubernetesView(client, cosi))) {
      Operator operator =
          new Operator(overrides ->
              overrides
                  .withKubernetesClient(client)
                  .withCloseClientOnStop(false)
                  .withStopOnInformerErrorDuringStartup(false)
                  .withReconciliationTerminationTimeout(LAST_RECONCILIATIONS)
                  .withLeaderElectionConfiguration(
                      new LeaderElectionConfiguration(settings.service(), settings.namespace())));
      var _ =
          operator.register(
              new ReplicationReconciler(cosi, trust::pem, InstantSource.system()),
              overrides -> {
                if (!settings.watched().isEmpty()) {
                  overrides.settingNamespaces(settings.watched());
                }
              });
      try (HealthServer _ =
          HealthServer.start(settings.healthPort(), () -> operator.getRuntimeInfo().isStarted())) {
        operator.start();
        awaitSignal();
        operator.stop();
      }
    }
  }

  private static void awaitSignal() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    Thread main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              asked.countDown();
              try {
                main.join(LAST_RECONCILIATIONS.multipliedBy(2).toMillis());
              } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
              }
            }));
    asked.await();
  }

  /** The certificates of now, for servers and for clients. */
  private static final class Trust {
    private volatile String pem = "";
    private final CompletableFuture<ServerIdentity> identity = new CompletableFuture<>();

    void change(Certificates certificates) {
      pem = Pem.of(certificates.bundle());
      if (!identity.complete(new ServerIdentity(certificates.leaf()))) {
        identity.join().change(certificates.leaf());
      }
    }

    ServerIdentity identity() {
      return identity.join();
    }

    String pem() {
      return pem;
    }

    String base64() {
      return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
