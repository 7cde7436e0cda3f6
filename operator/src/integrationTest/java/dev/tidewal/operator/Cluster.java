package dev.tidewal.operator;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A real Kubernetes of one node, shared by all tests of the JVM; each takes a namespace of its own.
 * Its image is named by {@code E2E_K3S_IMAGE}; without it these tests are skipped.
 */
public final class Cluster {
  private static final AtomicInteger NAMESPACES = new AtomicInteger();
  private static @Nullable Cluster shared;

  private final K3sContainer container;
  private final KubernetesClient client;

  private Cluster(K3sContainer container) throws Exception {
    this.container = container;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(container.getKubeConfigYaml()))
            .build();
    try (Stream<Path> definitions = Files.list(Path.of("../helm/tidewal/definitions"))) {
      for (Path definition : definitions.toList()) {
        client.load(Files.newInputStream(definition)).serverSideApply();
      }
    }
  }

  /** Starts it at its first use; it ends with the JVM. */
  public static synchronized Cluster shared() throws Exception {
    String image = System.getenv("E2E_K3S_IMAGE");
    assumeTrue(image != null, "E2E_K3S_IMAGE names no image of K3s");
    if (shared == null) {
      K3sContainer k3s =
          new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s"));
      k3s.start();
      shared = new Cluster(k3s);
    }
    return shared;
  }

  public KubernetesClient client() {
    return client;
  }

  public String kubeconfig() {
    return container.getKubeConfigYaml();
  }

  /** Address at which pods and the API server reach this JVM. */
  public String host() {
    return container.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
        .findFirst()
        .orElseThrow()
        .getGateway();
  }

  public String newNamespace() {
    String name = "test-" + NAMESPACES.incrementAndGet();
    ObjectMeta meta = new ObjectMeta();
    meta.setName(name);
    client.namespaces().resource(new NamespaceBuilder().withMetadata(meta).build()).create();
    return name;
  }

  /** As a person types it. */
  public String kubectl(String... arguments) throws Exception {
    String[] command =
        Stream.concat(Stream.of("kubectl"), List.of(arguments).stream()).toArray(String[]::new);
    var result = container.execInContainer(command);
    return result.getStdout() + result.getStderr();
  }
}
