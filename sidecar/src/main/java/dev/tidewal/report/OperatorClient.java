package dev.tidewal.report;

import dev.tidewal.core.PositionReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Sends one report. On the JDK's URL connection, which the S3 client has loaded already: {@code
 * java.net.http} would cost memory in every pod.
 *
 * <p>Token and authorities are read for each report: both are replaced under their names.
 */
final class OperatorClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final OperatorAddress operator;

  OperatorClient(OperatorAddress operator) {
    this.operator = operator;
  }

  /**
   * Puts it.
   *
   * @throws IOException when the operator does not take it, with its status
   */
  void put(PositionReport report) throws IOException {
    var connection =
        (HttpsURLConnection) operator.url().resolve(PositionReport.PATH).toURL().openConnection();
    try {
      byte[] body = report.toJson();
      connection.setSSLSocketFactory(trusting(operator.authority()).getSocketFactory());
      connection.setConnectTimeout((int) TIMEOUT.toMillis());
      connection.setReadTimeout((int) TIMEOUT.toMillis());
      connection.setRequestMethod("PUT");
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(body.length);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setRequestProperty(
          "Authorization", "Bearer " + Files.readString(operator.token()).strip());
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_ACCEPTED) {
        throw new IOException("the operator answered " + status);
      }
    } finally {
      connection.disconnect();
    }
  }

  private static SSLContext trusting(Path authorities) throws IOException {
    try (InputStream pem = Files.newInputStream(authorities)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int index = 0;
      for (Certificate authority :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("authority-" + index++, authority);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException broken) {
      throw new IOException(authorities + " holds no certificates: " + broken.getMessage(), broken);
    }
  }
}
