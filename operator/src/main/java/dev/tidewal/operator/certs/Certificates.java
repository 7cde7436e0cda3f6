package dev.tidewal.operator.certs;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * All that the servers and their clients need.
 *
 * @param authority signs leaves
 * @param next signs them later; announced, so that clients know it by then
 * @param leaf what the servers show
 * @param bundle authorities that clients trust, the oldest first
 */
public record Certificates(
    Certified authority, Optional<Certified> next, Certified leaf, List<X509Certificate> bundle) {
  public Certificates {
    bundle = List.copyOf(bundle);
    if (!bundle.contains(authority.certificate())
        || !next.map(Certified::certificate).map(bundle::contains).orElse(true)) {
      throw new IllegalArgumentException("clients would not trust " + authority);
    }
  }
}
