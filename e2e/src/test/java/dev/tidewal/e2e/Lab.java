package dev.tidewal.e2e;

import static org.awaitility.Awaitility.await;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * A cluster with the chart installed and an S3 server beside it, shared by all tests of the JVM.
 */
final class Lab {
  static final String ACCESS_KEY = "tidewal";
  static final String SECRET_KEY = "tidewal-secret";
  static final String BUCKET = "backups";
  static final String TAG = System.getProperty("image.tag", "0.1.0-SNAPSHOT");
  static final Duration PATIENCE = Duration.ofSeconds(180);

  private static @Nullable Lab shared;

  private final K3sContainer container;
  private final KubernetesClient client;
  private final int s3Port;

  private Lab(K3sContainer container, KubernetesClient client, int s3Port) {
    this.container = container;
    this.client = client;
    this.s3Port = s3Port;
  }

  static synchronized Lab shared() throws Exception {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  private static Lab start() throws Exception {
    String image =
        Optional.ofNullable(System.getenv("E2E_K3S_IMAGE")).orElse("rancher/k3s:v1.33.1-k3s1");
    K3sContainer k3s =
        new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s"));
    k3s.start();
    for (String name : List.of("sidecar", "operator", "e2e-writer")) {
      load(k3s, "tidewal/" + name + ":" + TAG);
    }
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(k3s.getKubeConfigYaml()))
            .build();
    int port = startS3(Files.createTempDirectory("tidewal-e2e-s3"));
    new Helm(Path.of("../helm/tidewal"))
        .install()
        .withKubeConfigContents(k3s.getKubeConfigYaml())
        .withName("tidewal")
        .withNamespace("tidewal-system")
        .createNamespace()
        .set("image.pullPolicy", "Never")
        .set("image.tag", TAG)
        .set("sidecar.image.tag", TAG)
        .set("replicas", 1)
        .waitReady()
        .withTimeout(120)
        .call();
    return new Lab(k3s, client, port);
  }

  private static void load(K3sContainer k3s, String image) throws Exception {
    Path archive = Files.createTempFile("image", ".tar");
    run("docker", "save", "-o", archive.toString(), image);
    k3s.copyFileToContainer(MountableFile.forHostPath(archive), "/tmp/image.tar");
    var result = k3s.execInContainer("ctr", "images", "import", "/tmp/image.tar");
    if (result.getExitCode() != 0) {
      throw new IOException(image + ": " + result.getStderr());
    }
    Files.delete(archive);
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  /** The store's own folders are its buckets. */
  private static int startS3(Path directory) throws Exception {
    String binary =
        Objects.requireNonNull(System.getenv("TIDEWAL_TEST_S3_BIN"), "TIDEWAL_TEST_S3_BIN");
    Files.createDirectories(directory.resolve("data/" + BUCKET));
    Files.createDirectories(directory.resolve("iam"));
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                binary,
                "--port",
                "0.0.0.0:" + port,
                "--region",
                "us-east-1",
                "--quiet",
                "--iam-dir",
                directory.resolve("iam").toString(),
                "posix",
                directory.resolve("data").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
    builder.environment().put("ROOT_ACCESS_KEY", ACCESS_KEY);
    builder.environment().put("ROOT_SECRET_KEY", SECRET_KEY);
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          try {
            var connection =
                (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
            return connection.getResponseCode() > 0;
          } catch (IOException notYet) {
            return false;
          }
        });
    return port;
  }

  KubernetesClient client() {
    return client;
  }

  /** As pods reach it. */
  String s3Endpoint() {
    String gateway =
        container.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
            .findFirst()
            .orElseThrow()
            .getGateway();
    return "http://" + gateway + ":" + s3Port;
  }

  String newNamespace(String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    return name;
  }

  void apply(String namespace, String yaml) {
    for (String document : yaml.split("(?m)^---\\s*$", -1)) {
      HasMetadata resource = Serialization.unmarshal(document);
      client.resource(resource).inNamespace(namespace).serverSideApply();
    }
  }

  String kubectl(String... arguments) throws Exception {
    var result =
        container.execInContainer(
            Stream.concat(Stream.of("kubectl"), Stream.of(arguments)).toArray(String[]::new));
    return result.getStdout() + result.getStderr();
  }

  /** The one pod of a label that is not on its way out. */
  Optional<Pod> pod(String namespace, String app) {
    return client.pods().inNamespace(namespace).withLabel("app", app).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .findFirst();
  }

  /** The last number that the application said after a word; empty: nothing yet. */
  Optional<Long> said(String namespace, String pod, String word) {
    try {
      String log = client.pods().inNamespace(namespace).withName(pod).inContainer("app").getLog();
      return log.lines()
          .filter(line -> line.startsWith(word + " "))
          .reduce((first, second) -> second)
          .map(line -> Long.valueOf(line.substring(word.length() + 1)));
    } catch (RuntimeException notStarted) {
      return Optional.empty();
    }
  }
}
