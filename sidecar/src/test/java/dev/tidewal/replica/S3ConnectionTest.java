package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.testing.S3ProxyServer;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** How a store is reached: region, TLS, shared connections. */
final class S3ConnectionTest {
  @TempDir static Path directory;

  @BeforeAll
  static void makeCertificate() throws Exception {
    keytool(
        "-genkeypair",
        "-alias",
        "server",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-keystore",
        directory.resolve("keys.p12").toString(),
        "-storetype",
        "PKCS12");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "server",
        "-keystore",
        directory.resolve("keys.p12").toString(),
        "-file",
        directory.resolve("ca.pem").toString());
    Files.createDirectories(directory.resolve("data/" + S3Contract.BUCKET));
  }

  @Test
  void theRegionIsReadFromARefusal() throws IOException {
    try (ScriptedS3 aws = ScriptedS3.start()) {
      aws.answer(403, Map.of("x-amz-bucket-region", "eu-central-1"), "");

      assertThat(region(aws.endpoint())).isEqualTo("eu-central-1");
      assertThat(aws.asked().getFirst().uri().getPath()).isEqualTo("/bucket");
      assertThat(aws.asked().getFirst().headers().containsKey("Authorization")).isFalse();
    }
  }

  @Test
  void theRegionIsReadFromARedirection() throws IOException {
    try (ScriptedS3 aws = ScriptedS3.start()) {
      aws.answer(301, Map.of("x-amz-bucket-region", "ap-south-1"), "");

      assertThat(region(aws.endpoint())).isEqualTo("ap-south-1");
    }
  }

  private static String region(URI endpoint) {
    return S3Region.of(
        "bucket", S3Region.builder(UrlConnectionHttpClient.create()).endpointOverride(endpoint));
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefusedWithItsCure() throws Exception {
    try (S3ProxyServer server = tlsServer();
        ReplicaClients clients = new ReplicaClients()) {
      ReplicaClient client = clients.open(settings(S3Endpoint.at(server.secureEndpoint())));

      assertThatThrownBy(() -> client.list(0, Txid.ZERO, false))
          .isInstanceOf(TidewalException.StoreUnreachable.class)
          .hasMessageContaining("ca-bundle")
          .hasMessageContaining("1 attempt");
    }
  }

  @Test
  void aCertificateOfTheBundleIsTrusted() throws Exception {
    try (S3ProxyServer server = tlsServer();
        ReplicaClients clients = new ReplicaClients()) {
      S3Endpoint endpoint = S3Endpoint.at(server.secureEndpoint());
      Path pem = directory.resolve("ca.pem");
      String text = Files.readString(pem);

      assertThat(
              clients
                  .open(settings(endpoint.withCaBundle(new CaBundle.PemFile(pem))))
                  .list(0, Txid.ZERO, false))
          .isExhausted();
      assertThat(
              clients
                  .open(settings(endpoint.withCaBundle(new CaBundle.Pem(text))))
                  .list(0, Txid.ZERO, false))
          .isExhausted();
      assertThat(clients.open(settings(endpoint.withSkipVerify(true))).list(0, Txid.ZERO, false))
          .isExhausted();
    }
  }

  @Test
  void aBundleThatIsNoneIsAUsageError() throws IOException {
    Path garbage = directory.resolve("garbage.pem");
    Files.writeString(garbage, "no certificate");

    for (CaBundle bundle :
        List.of(
            new CaBundle.PemFile(garbage),
            new CaBundle.PemFile(directory.resolve("absent.pem")),
            new CaBundle.Pem(""))) {
      try (ReplicaClients clients = new ReplicaClients()) {
        ReplicaClient client =
            clients.open(
                settings(S3Endpoint.at(URI.create("https://127.0.0.1:1")).withCaBundle(bundle)));

        assertThatThrownBy(() -> client.list(0, Txid.ZERO, false))
            .isInstanceOf(TidewalException.Usage.class)
            .hasMessageContaining("ca-bundle");
      }
    }
  }

  @Test
  void replicasOfOneStoreShareAConnection() {
    S3Settings one = settings(S3Endpoint.at(URI.create("http://127.0.0.1:1")));

    assertThat(S3Connection.Key.of(one)).isEqualTo(S3Connection.Key.of(one.withPrefix("other")));
    assertThat(S3Connection.Key.of(S3Settings.of("a", "x")))
        .as("regions of buckets differ")
        .isNotEqualTo(S3Connection.Key.of(S3Settings.of("b", "x")));
  }

  private static S3ProxyServer tlsServer() throws Exception {
    return S3ProxyServer.startTls(
        directory.resolve("data"), directory.resolve("keys.p12"), "password");
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", "password"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static S3Settings settings(S3Endpoint endpoint) {
    return S3Settings.of(S3Contract.BUCKET, "db")
        .withEndpoint(endpoint)
        .withCredentials(
            CredentialsSource.fixed(
                StoreCredentials.of(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)));
  }
}
