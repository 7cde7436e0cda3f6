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
import dev.tidewal.operator.reconcile.Authorities;
import dev.tidewal.operator.reconcile.ReplicationReconciler;
import dev.tidewal.operator.webhook.AdmissionServer;
import dev.tidewal.operator.webhook.KubernetesView;
import dev.tidewal.operator.webhook.WebhookConfiguration;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Starts the operator, and ends it on SIGTERM or when it is the leader no more (with status 1: the
 * kubelet starts it anew).
 */
public final class Main {
  private static final Logger LOG = System.getLogger(Main.class.getName());
  private static final Duration LAST_RECONCILIATIONS = Duration.ofSeconds(10);
  private static final Duration WHOLE_END = Duration.ofSeconds(25);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(2);

  private Main() {}

  /** Ends the process. */
  public static void main(String[] arguments) {
    Ending ending = Ending.onSignal();
    int status = 1;
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      run(Settings.of(System.getenv()), client, ending);
      status = ending.isLost() ? 1 : 0;
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      status = 0;
    } catch (IOException | RuntimeException broken) {
      LOG.log(Level.ERROR, "the operator can not go on", broken);
    }
    ending.finished();
    System.exit(status);
  }

  private static void run(Settings settings, KubernetesClient client, Ending ending)
      throws IOException, InterruptedException {
    AtomicBoolean isServing = new AtomicBoolean();
    try (HealthServer _ = HealthServer.start(settings.healthPort(), isServing::get)) {
      String clusterId = ending.patiently(() -> clusterId(client));
      Trust trust = new Trust();
      CosiBuckets cosi = new CosiBuckets(client);
      try (CertificateKeeper _ = ending.patiently(() -> certificates(settings, client, trust));
          CheckpointWriter writer = new CheckpointWriter(client);
          PositionServer _ =
              PositionServer.start(
                  new InetSocketAddress(settings.positionPort()),
                  trust.identity(),
                  client,
                  writer);
          AdmissionServer _ =
              AdmissionServer.start(
                  new InetSocketAddress(settings.webhookPort()),
                  trust.identity(),
                  new Injector(
                      new InjectionSettings(
                          settings.sidecarImage(),
                          Optional.of(settings.positionUrl()),
                          settings.leastGracePeriod(),
                          clusterId)),
                  new KubernetesView(client, cosi))) {
        isServing.set(true);
        Operator operator = operator(settings, client, cosi, trust, ending);
        operator.start();
        try {
          ending.await();
        } finally {
          operator.stop();
        }
      }
    }
  }

  /** The namespace kube-system lives as long as its cluster, and nothing else names a cluster. */
  private static String clusterId(KubernetesClient client) {
    Namespace system = client.namespaces().withName("kube-system").get();
    if (system == null) {
      throw new IllegalStateException("there is no namespace kube-system, whose uid is needed");
    }
    return system.getMetadata().getUid();
  }

  private static CertificateKeeper certificates(
      Settings settings, KubernetesClient client, Trust trust) {
    WebhookConfiguration webhook = new WebhookConfiguration(client, settings.service());
    Authorities authorities = new Authorities(client, settings.watched());
    return CertificateKeeper.start(
        client,
        settings.namespace(),
        settings.service() + "-certificates",
        new Issuer(settings.names(), InstantSource.system()),
        List.of(
            trust::change,
            _ -> webhook.trust(trust.base64()),
            _ -> authorities.publish(trust.pem())));
  }

  private static Operator operator(
      Settings settings, KubernetesClient client, CosiBuckets cosi, Trust trust, Ending ending) {
    Operator operator =
        new Operator(overrides ->
            overrides
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withStopOnInformerErrorDuringStartup(false)
                .withReconciliationTerminationTimeout(LAST_RECONCILIATIONS)
                .withLeaderElectionConfiguration(leadership(settings, ending)));
    var _ =
        operator.register(
            new ReplicationReconciler(cosi, trust::pem, InstantSource.system()),
            overrides -> {
              if (!settings.watched().isEmpty()) {
                overrides.settingNamespaces(settings.watched());
              }
            });
    return operator;
  }

  /** Its own way out, System.exit from within, would wait for the thread that ends us in order. */
  private static LeaderElectionConfiguration leadership(Settings settings, Ending ending) {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(settings.service())
        .withLeaseNamespace(settings.namespace())
        .withExitOnStopLeading(false)
        .withLeaderCallbacks(new LeaderCallbacks(() -> {}, ending::lost, _ -> {}))
        .build();
  }

  /** Why and when the process ends. Safe for many threads. */
  private static final class Ending {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final AtomicBoolean isLost = new AtomicBoolean();

    /** The signal's handler holds the process until everything is closed. */
    static Ending onSignal() {
      Ending ending = new Ending();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                ending.asked.countDown();
                try {
                  boolean _ = ending.finished.await(WHOLE_END.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException hurried) {
                  Thread.currentThread().interrupt();
                }
              }));
      return ending;
    }

    /** Leadership is lost; also told when it is given up at the end. */
    void lost() {
      if (asked.getCount() > 0) {
        LOG.log(Level.WARNING, "another replica leads, or the API server is away: ending");
        isLost.set(true);
        asked.countDown();
        // Nothing of ours may go on when another replica leads, however long it takes to end.
        Thread.ofVirtual().name("last resort").start(this::haltLate);
      }
    }

    private void haltLate() {
      try {
        if (!finished.await(WHOLE_END.toMillis(), TimeUnit.MILLISECONDS)) {
          Runtime.getRuntime().halt(1);
        }
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
      }
    }

    boolean isLost() {
      return isLost.get();
    }

    void await() throws InterruptedException {
      asked.await();
    }

    void finished() {
      finished.countDown();
    }

    /**
     * Asks until the API server answers: no restart of ours would bring it back.
     *
     * @throws InterruptedException when the process is asked to end meanwhile
     */
    <T> T patiently(Supplier<T> question) throws InterruptedException {
      while (true) {
        try {
          return question.get();
        } catch (KubernetesClientException away) {
          LOG.log(Level.WARNING, "the API server does not answer yet: {0}", away.getMessage());
        }
        if (asked.await(BETWEEN_QUESTIONS.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new InterruptedException("asked to end before the start");
        }
      }
    }
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
