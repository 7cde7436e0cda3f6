package dev.tidewal.operator.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues what a {@link Renewal} asks for, with keys on P-256. Safe for many threads. */
public final class Issuer {
  /** Clocks of nodes differ. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final int SERIAL_BITS = 128;

  private final Set<String> names;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /**
   * For one installation.
   *
   * @param names DNS names, or addresses, of the servers
   */
  public Issuer(Set<String> names, InstantSource clock) {
    this.names = new TreeSet<>(names);
    this.clock = clock;
  }

  /** What is there, renewed as far as it is due; the same object when nothing is. */
  public Certificates renew(Optional<Certificates> found) {
    return switch (Renewal.decide(found, names, clock.instant())) {
      case Renewal.Keep(Certificates current) -> current;
      case Renewal.Begin() -> {
        Certified authority = authority();
        yield new Certificates(
            authority, Optional.empty(), leaf(authority), List.of(authority.certificate()));
      }
      case Renewal.Leaf(Certificates current) ->
          new Certificates(
              current.authority(), current.next(), leaf(current.authority()), current.bundle());
      case Renewal.Announce(Certificates current) -> {
        Certified next = authority();
        yield new Certificates(
            current.authority(), Optional.of(next), current.leaf(), trusted(current, next));
      }
      case Renewal.Switch(Certificates current, Certified next) ->
          new Certificates(next, Optional.empty(), leaf(next), trusted(current, next));
    };
  }

  /** The bundle without what has expired, and with the next authority. */
  private List<X509Certificate> trusted(Certificates current, Certified next) {
    List<X509Certificate> bundle = new ArrayList<>(current.bundle());
    bundle.removeIf(authority -> !authority.getNotAfter().toInstant().isAfter(clock.instant()));
    if (!bundle.contains(next.certificate())) {
      bundle.add(next.certificate());
    }
    return bundle;
  }

  private Certified authority() {
    // Each authority has a name of its own, so that clients never take one for another.
    X500Principal name =
        new X500Principal("CN=tidewal authority " + serial().toString(16).substring(0, 8));
    return issue(name, Renewal.AUTHORITY_LIFE, Optional.empty());
  }

  private Certified leaf(Certified authority) {
    Duration left = Duration.between(clock.instant(), authority.notAfter());
    Duration life = left.compareTo(Renewal.LEAF_LIFE) < 0 ? left : Renewal.LEAF_LIFE;
    return issue(new X500Principal("CN=tidewal"), life, Optional.of(authority));
  }

  private Certified issue(X500Principal subject, Duration life, Optional<Certified> authority) {
    Instant now = clock.instant();
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair keys = generator.generateKeyPair();
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              authority
                  .map(signer -> signer.certificate().getSubjectX500Principal())
                  .orElse(subject),
              serial(),
              Date.from(now.minus(SKEW)),
              Date.from(now.plus(life)),
              subject,
              keys.getPublic());
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          identifiers.createSubjectKeyIdentifier(keys.getPublic()));
      if (authority.isPresent()) {
        builder.addExtension(
            Extension.authorityKeyIdentifier,
            false,
            identifiers.createAuthorityKeyIdentifier(authority.get().certificate()));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(Extension.subjectAlternativeName, false, alternatives());
      } else {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      }
      var signer =
          new JcaContentSignerBuilder("SHA256withECDSA")
              .build(authority.map(Certified::key).orElse(keys.getPrivate()));
      return new Certified(
          new JcaX509CertificateConverter().getCertificate(builder.build(signer)),
          keys.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | IOException impossible) {
      throw new IllegalStateException("issuing " + subject, impossible);
    }
  }

  private GeneralNames alternatives() {
    return new GeneralNames(
        names.stream()
            .map(name ->
                new GeneralName(
                    isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
            .toArray(GeneralName[]::new));
  }

  private static boolean isAddress(String name) {
    return name.matches("[0-9.]+") || name.contains(":");
  }

  private BigInteger serial() {
    return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
  }
}
