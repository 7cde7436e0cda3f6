package dev.tidewal.operator.webhook;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Objects;

/**
 * Tells the API server which authorities our webhook's certificate comes from. The configuration
 * itself is the chart's, without them.
 */
public final class WebhookConfiguration {
  private static final int ATTEMPTS = 5;

  private final KubernetesClient client;
  private final String name;

  public WebhookConfiguration(KubernetesClient client, String name) {
    this.client = client;
    this.name = name;
  }

  /**
   * Sets it, where it differs; nothing where there is no such configuration (yet). Call it again
   * and again: an upgrade of the chart, or a person, may have taken it away.
   *
   * @param bundle base64 of PEM
   */
  public void trust(String bundle) {
    for (int attempt = 1; ; attempt++) {
      try {
        trustOnce(bundle);
        return;
      } catch (KubernetesClientException raced) {
        if (raced.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
          throw raced;
        }
      }
    }
  }

  private void trustOnce(String bundle) {
    MutatingWebhookConfiguration there =
        client.admissionRegistration().v1().mutatingWebhookConfigurations().withName(name).get();
    if (there == null
        || there.getWebhooks().stream()
            .allMatch(hook -> Objects.equals(hook.getClientConfig().getCaBundle(), bundle))) {
      return;
    }
    there.getWebhooks().forEach(hook -> hook.getClientConfig().setCaBundle(bundle));
    var _ = client.resource(there).lockResourceVersion().update();
  }
}
