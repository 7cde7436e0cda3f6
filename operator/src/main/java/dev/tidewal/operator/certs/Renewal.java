package dev.tidewal.operator.certs;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is due.
 *
 * <p>An authority lives a year, a leaf 90 days; either is renewed when two thirds of that are over.
 * A new authority is announced a day before it signs: by then every client has the new bundle, and
 * the one before stays in it until it has expired.
 */
sealed interface Renewal {
  Duration AUTHORITY_LIFE = Duration.ofDays(365);
  Duration LEAF_LIFE = Duration.ofDays(90);
  Duration ANNOUNCEMENT = Duration.ofDays(1);

  /** Nothing. */
  record Keep(Certificates current) implements Renewal {}

  /** All of them. */
  record Begin() implements Renewal {}

  /** A leaf, by the authority that signs. */
  record Leaf(Certificates current) implements Renewal {}

  /** The next authority, which does not sign yet. */
  record Announce(Certificates current) implements Renewal {}

  /** A leaf by the authority that was announced, which is the one that signs from now on. */
  record Switch(Certificates current, Certified next) implements Renewal {}

  /**
   * Decides.
   *
   * @param found empty: there are none, or they can't be read
   * @param names DNS names that the leaf must have
   */
  static Renewal decide(Optional<Certificates> found, Set<String> names, Instant now) {
    if (found.isEmpty() || !now.isBefore(found.get().authority().notAfter())) {
      return new Begin();
    }
    Certificates current = found.get();
    if (current.next().isPresent()) {
      Certified next = current.next().get();
      if (!now.isBefore(next.notBefore().plus(ANNOUNCEMENT))) {
        return new Switch(current, next);
      }
    } else if (!now.isBefore(current.authority().renewal())) {
      return new Announce(current);
    }
    Certified leaf = current.leaf();
    boolean isLeafDue =
        !now.isBefore(leaf.renewal())
            || !names(leaf.certificate()).containsAll(names)
            || !leaf.certificate()
                .getIssuerX500Principal()
                .equals(current.authority().certificate().getSubjectX500Principal());
    return isLeafDue ? new Leaf(current) : new Keep(current);
  }

  private static Set<String> names(X509Certificate leaf) {
    try {
      Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
      return alternatives == null
          ? Set.of()
          : alternatives.stream()
              .map(alternative -> String.valueOf(alternative.get(1)))
              .collect(Collectors.toSet());
    } catch (CertificateParsingException unreadable) {
      return Set.of();
    }
  }
}
