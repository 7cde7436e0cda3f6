package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Trust in the authorities of the Java runtime and in those of a bundle. */
final class S3Trust {
  private S3Trust() {}

  /** For stores that are reached without TLS: the authorities of the runtime are not even read. */
  static TrustManager[] inNobody() {
    return new TrustManager[] {new Nobody()};
  }

  static TrustManager[] with(CaBundle bundle) {
    Collection<? extends Certificate> added = certificates(bundle);
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int count = 0;
      for (TrustManager manager : managers(null)) {
        if (manager instanceof X509TrustManager x509) {
          for (X509Certificate issuer : x509.getAcceptedIssuers()) {
            trusted.setCertificateEntry("runtime-" + count++, issuer);
          }
        }
      }
      for (Certificate certificate : added) {
        trusted.setCertificateEntry("bundle-" + count++, certificate);
      }
      return managers(trusted);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the Java runtime has no usable trust store", e);
    }
  }

  private static TrustManager[] managers(@org.jspecify.annotations.Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static Collection<? extends Certificate> certificates(CaBundle bundle) {
    String where =
        switch (bundle) {
          case CaBundle.PemFile file -> "ca-bundle " + file.path();
          case CaBundle.Pem text -> "ca-bundle";
        };
    try {
      byte[] pem =
          switch (bundle) {
            case CaBundle.PemFile file -> Files.readAllBytes(file.path());
            case CaBundle.Pem text -> text.text().getBytes(StandardCharsets.US_ASCII);
          };
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (certificates.isEmpty()) {
        throw new TidewalException.Usage(where + ": no certificate in it; PEM is expected");
      }
      return certificates;
    } catch (IOException e) {
      throw new TidewalException.Usage(where + ": can't be read: " + e.getMessage(), e);
    } catch (CertificateException e) {
      throw new TidewalException.Usage(where + ": not certificates in PEM: " + e.getMessage(), e);
    }
  }

  private static final class Nobody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("TLS is not expected here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("TLS is not expected here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
