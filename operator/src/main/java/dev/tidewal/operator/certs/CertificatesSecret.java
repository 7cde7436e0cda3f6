package dev.tidewal.operator.certs;

import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Certificates as the entries of a Secret: {@code tls.crt}, {@code tls.key} and {@code ca.crt} as
 * everybody expects them (cert-manager writes the same), and the authorities' own.
 */
public final class CertificatesSecret {
  static final String LEAF = "tls.crt";
  static final String LEAF_KEY = "tls.key";
  static final String BUNDLE = "ca.crt";
  static final String AUTHORITY = "authority.crt";
  static final String AUTHORITY_KEY = "authority.key";
  static final String NEXT = "next-authority.crt";
  static final String NEXT_KEY = "next-authority.key";

  private CertificatesSecret() {}

  /** Entries in clear text, not in base64. */
  public static Map<String, String> write(Certificates certificates) {
    Map<String, String> entries = new TreeMap<>();
    entries.put(LEAF, Pem.of(certificates.leaf().certificate()));
    entries.put(LEAF_KEY, Pem.of(certificates.leaf().key()));
    entries.put(BUNDLE, Pem.of(certificates.bundle()));
    entries.put(AUTHORITY, Pem.of(certificates.authority().certificate()));
    entries.put(AUTHORITY_KEY, Pem.of(certificates.authority().key()));
    certificates
        .next()
        .ifPresent(next -> {
          entries.put(NEXT, Pem.of(next.certificate()));
          entries.put(NEXT_KEY, Pem.of(next.key()));
        });
    return entries;
  }

  /** Empty when an entry is missing or can't be read: then all is issued anew. */
  public static Optional<Certificates> read(Map<String, String> entries) {
    try {
      return Optional.of(
          new Certificates(
              certified(entries, AUTHORITY, AUTHORITY_KEY),
              entries.containsKey(NEXT)
                  ? Optional.of(certified(entries, NEXT, NEXT_KEY))
                  : Optional.empty(),
              certified(entries, LEAF, LEAF_KEY),
              Pem.certificates(entries.getOrDefault(BUNDLE, ""))));
    } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * What a server shows.
   *
   * @throws GeneralSecurityException when it is missing or can't be read
   */
  public static Certified leaf(Map<String, String> entries) throws GeneralSecurityException {
    return certified(entries, LEAF, LEAF_KEY);
  }

  private static Certified certified(Map<String, String> entries, String name, String keyName)
      throws GeneralSecurityException {
    var chain = Pem.certificates(entries.getOrDefault(name, ""));
    if (chain.isEmpty()) {
      throw new GeneralSecurityException("no certificate in " + name);
    }
    return new Certified(chain.getFirst(), Pem.key(entries.getOrDefault(keyName, "")));
  }
}
