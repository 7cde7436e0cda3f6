package dev.tidewal.operator.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** A year of certificates, shown by a real server to real clients. */
class IssuerTest {
  private static final Instant START = Instant.now();
  private static final Set<String> NAMES = Set.of("localhost", "tidewal.tidewal-system.svc");

  private Instant now = START;
  private final Issuer issuer = new Issuer(NAMES, () -> now);

  @Test
  void freshOnesAreKept() {
    Certificates first = issuer.renew(Optional.empty());
    now = START.plus(Duration.ofDays(59));

    assertThat(issuer.renew(Optional.of(first))).isSameAs(first);
  }

  @Test
  void aLeafIsRenewedAfterTwoThirdsOfItsLife() {
    Certificates first = issuer.renew(Optional.empty());
    now = START.plus(Duration.ofDays(61));

    Certificates second = issuer.renew(Optional.of(first));

    assertThat(second.authority()).isEqualTo(first.authority());
    assertThat(second.leaf()).isNotEqualTo(first.leaf());
    assertThat(second.bundle()).isEqualTo(first.bundle());
  }

  @Test
  void anAuthorityIsAnnouncedADayBeforeItSigns() {
    Certificates first = issuer.renew(Optional.empty());
    now = START.plus(Duration.ofDays(244));
    Certificates announced = issuer.renew(Optional.of(first));
    now = now.plus(Duration.ofHours(23));
    Certificates same = issuer.renew(Optional.of(announced));
    now = now.plus(Duration.ofHours(2));
    Certificates switched = issuer.renew(Optional.of(same));

    assertThat(announced.authority()).isEqualTo(first.authority());
    assertThat(announced.bundle()).hasSize(2);
    assertThat(same.authority()).isEqualTo(first.authority());
    assertThat(Optional.of(switched.authority())).isEqualTo(announced.next());
    assertThat(switched.bundle()).isEqualTo(announced.bundle());
    assertThat(switched.leaf().certificate().getIssuerX500Principal())
        .isEqualTo(switched.authority().certificate().getSubjectX500Principal());
  }

  @Test
  void threeYearsOfDailyLooksNeverShowWhatAClientOfTheDayBeforeDoesNotTrust() throws Exception {
    Certificates current = issuer.renew(Optional.empty());
    for (int day = 1; day < 3 * 365; day++) {
      List<X509Certificate> known = current.bundle();
      now = START.plus(Duration.ofDays(day));

      current = issuer.renew(Optional.of(current));

      X509Certificate shown = current.leaf().certificate();
      X509Certificate authority =
          known.stream()
              .filter(a -> a.getSubjectX500Principal().equals(shown.getIssuerX500Principal()))
              .findFirst()
              .orElseThrow();
      shown.verify(authority.getPublicKey());
      assertThat(shown.getNotAfter().toInstant()).isAfter(now);
      assertThat(authority.getNotAfter().toInstant()).isAfter(now);
      assertThat(current.bundle()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void afterAYearWithoutAnOperatorAllIsBegunAnew() {
    Certificates first = issuer.renew(Optional.empty());
    now = START.plus(Duration.ofDays(400));

    assertThat(issuer.renew(Optional.of(first)).bundle())
        .doesNotContain(first.authority().certificate());
  }

  @Test
  void aNameThatIsMissingGetsANewLeaf() {
    Certificates first = issuer.renew(Optional.empty());

    Certificates second =
        new Issuer(Set.of("localhost", "other.svc"), () -> now).renew(Optional.of(first));

    assertThat(second.leaf()).isNotEqualTo(first.leaf());
    assertThat(second.authority()).isEqualTo(first.authority());
  }

  @Test
  void aSecretGivesBackWhatWasWritten() {
    Certificates first = issuer.renew(Optional.empty());

    now = START.plus(Duration.ofDays(244));
    first = issuer.renew(Optional.of(first));
    Optional<Certificates> read = CertificatesSecret.read(CertificatesSecret.write(first));

    assertThat(read).hasValue(first);
  }

  @Test
  void aSecretThatIsEmptyOrBrokenHoldsNone() {
    Map<String, String> entries = CertificatesSecret.write(issuer.renew(Optional.empty()));
    entries.put("tls.key", "garbage");

    assertThat(CertificatesSecret.read(Map.of())).isEmpty();
    assertThat(CertificatesSecret.read(entries)).isEmpty();
  }

  @Test
  void keysAreNotInAnyText() {
    Certificates first = issuer.renew(Optional.empty());

    assertThat(first.toString()).doesNotContainIgnoringCase("private");
  }

  @Test
  void aServerShowsANewLeafWithoutARestart() throws Exception {
    Certificates first = issuer.renew(Optional.empty());
    ServerIdentity identity = new ServerIdentity(first.leaf());
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
    server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
    server.start();
    try {
      assertThat(shown(server, first.bundle())).isEqualTo(first.leaf().certificate());

      Certificates other = issuer.renew(Optional.empty());
      identity.change(other.leaf());

      assertThat(shown(server, other.bundle())).isEqualTo(other.leaf().certificate());
      assertThatThrownBy(() -> shown(server, first.bundle()))
          .isInstanceOf(SSLHandshakeException.class);
    } finally {
      server.stop(0);
    }
  }

  private static X509Certificate shown(HttpsServer server, List<X509Certificate> trusted)
      throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (X509Certificate authority : trusted) {
      store.setCertificateEntry(authority.getSerialNumber().toString(), authority);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      var response =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("https://localhost:" + server.getAddress().getPort() + "/"))
                  .build(),
              BodyHandlers.discarding());
      return (X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0];
    }
  }
}
