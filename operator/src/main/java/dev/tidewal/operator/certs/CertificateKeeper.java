package dev.tidewal.operator.certs;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.Closeable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the certificates of an installation in a Secret, which is their only home.
 *
 * <p>Every replica of the operator looks each minute, takes what is there and tells it on; whoever
 * finds something due renews it, and the API server lets one of them win.
 */
public final class CertificateKeeper implements Closeable {
  private static final Logger LOG = System.getLogger(CertificateKeeper.class.getName());
  private static final Duration LOOK = Duration.ofMinutes(1);
  private static final int ATTEMPTS = 5;

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final Issuer issuer;
  private final List<Consumer<Certificates>> listeners;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("certificates").factory());
  private volatile Certificates current;

  private CertificateKeeper(
      KubernetesClient client,
      String namespace,
      String name,
      Issuer issuer,
      List<Consumer<Certificates>> listeners) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.issuer = issuer;
    this.listeners = List.copyOf(listeners);
    this.current = look();
  }

  /**
   * Takes what is there, or makes it.
   *
   * @param listeners told what every look has found, changed or not, so that each can heal what is
   *     its own; one that fails is told again after the next look
   * @throws KubernetesClientException when the API server does not answer
   */
  public static CertificateKeeper start(
      KubernetesClient client,
      String namespace,
      String name,
      Issuer issuer,
      List<Consumer<Certificates>> listeners) {
    CertificateKeeper keeper = new CertificateKeeper(client, namespace, name, issuer, listeners);
    keeper.tell();
    var _ =
        keeper.thread.scheduleWithFixedDelay(
            keeper::lookAgain, LOOK.toSeconds(), LOOK.toSeconds(), TimeUnit.SECONDS);
    return keeper;
  }

  public Certificates current() {
    return current;
  }

  private void lookAgain() {
    try {
      current = look();
    } catch (RuntimeException away) {
      LOG.log(Level.WARNING, "certificates could not be looked at: {0}", away.getMessage());
      return;
    }
    tell();
  }

  private void tell() {
    for (Consumer<Certificates> listener : listeners) {
      try {
        listener.accept(current);
      } catch (RuntimeException failed) {
        LOG.log(
            Level.WARNING,
            "certificates could not be passed on, that is tried again in a minute: {0}",
            failed.getMessage());
      }
    }
  }

  private Certificates look() {
    for (int attempt = 1; ; attempt++) {
      Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
      Optional<Certificates> found =
          Optional.ofNullable(secret).flatMap(s -> CertificatesSecret.read(entries(s)));
      Certificates renewed = issuer.renew(found);
      if (found.filter(renewed::equals).isPresent()) {
        return renewed;
      }
      try {
        write(secret, renewed);
        LOG.log(Level.INFO, "renewed: {0}, {1}", renewed.authority(), renewed.leaf());
        return renewed;
      } catch (KubernetesClientException raced) {
        if (raced.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
          throw raced;
        }
      }
    }
  }

  private void write(@Nullable Secret there, Certificates certificates) {
    Map<String, String> entries = CertificatesSecret.write(certificates);
    if (there == null) {
      var _ =
          client
              .resource(
                  new SecretBuilder()
                      .withNewMetadata()
                      .withNamespace(namespace)
                      .withName(name)
                      .endMetadata()
                      .withType("Opaque")
                      .withStringData(entries)
                      .build())
              .create();
    } else {
      there.setData(encoded(entries));
      var _ = client.resource(there).lockResourceVersion().update();
    }
  }

  private static Map<String, String> entries(Secret secret) {
    Map<String, String> entries = new TreeMap<>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach((key, value) ->
              entries.put(
                  key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return entries;
  }

  private static Map<String, String> encoded(Map<String, String> entries) {
    Map<String, String> encoded = new TreeMap<>();
    entries.forEach((key, value) ->
        encoded.put(
            key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    return encoded;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
