package dev.tidewal.operator.certs;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** A certificate with its private key. */
public record Certified(X509Certificate certificate, PrivateKey key) {
  Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  Instant notBefore() {
    return certificate.getNotBefore().toInstant();
  }

  /** When two thirds of its life are over. */
  Instant renewal() {
    return notBefore().plus(Duration.between(notBefore(), notAfter()).multipliedBy(2).dividedBy(3));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Certified[" + certificate.getSubjectX500Principal() + " until " + notAfter() + "]";
  }
}
