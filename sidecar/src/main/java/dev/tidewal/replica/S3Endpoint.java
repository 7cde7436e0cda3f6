package dev.tidewal.replica;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How an S3 store is reached.
 *
 * @param uri empty = AWS; with scheme, without a trailing slash
 * @param region empty = looked up on AWS, {@code us-east-1} elsewhere
 * @param caBundle authorities trusted beside those of the Java runtime
 * @param skipVerify accept any certificate; only for tests, a replica can be read and replaced by
 *     anybody in between
 * @param signPayload sign the bytes of what is sent (SHA-256, which the store checks); some stores
 *     insist on it, none is known to refuse it
 * @param connectTimeout for connecting
 * @param readTimeout for silence of a connection
 */
public record S3Endpoint(
    Optional<URI> uri,
    Optional<String> region,
    Addressing addressing,
    Optional<CaBundle> caBundle,
    boolean skipVerify,
    boolean signPayload,
    Duration connectTimeout,
    Duration readTimeout) {
  /** AWS itself. */
  public static final S3Endpoint AWS =
      new S3Endpoint(
          Optional.empty(),
          Optional.empty(),
          Addressing.AUTO,
          Optional.empty(),
          false,
          true,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30));

  /** Loopback and private networks, where a bare host means plain HTTP (as Litestream has it). */
  private static final Pattern LOCAL =
      Pattern.compile(
          "(localhost|127\\.[0-9.]+|10\\.[0-9.]+|192\\.168\\.[0-9.]+|172\\.(1[6-9]|2[0-9]|3[01])\\.[0-9.]+"
              + "|\\[::1]|.+\\.local|.+\\.localhost)(:[0-9]+)?(/.*)?");

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|.+\\.localhost|127\\.[0-9.]+|\\[::1]");

  /** Where the bucket's name stands in a request. */
  public enum Addressing {
    /** In the path when the endpoint isn't AWS's own, else in the host name. */
    AUTO,
    PATH,
    VIRTUAL_HOST
  }

  /**
   * Reads an endpoint: a URL, or a host with or without port, which means HTTPS except on local
   * networks.
   *
   * @throws IllegalArgumentException with a message that goes on after the value
   */
  public static URI parse(String text) {
    String stripped = text.strip().replaceAll("/+$", "");
    String lower = stripped.toLowerCase(Locale.ROOT);
    boolean hasScheme = lower.contains("://");
    if (hasScheme && !lower.startsWith("http://") && !lower.startsWith("https://")) {
      throw notAnEndpoint();
    }
    String scheme = hasScheme ? "" : LOCAL.matcher(lower).matches() ? "http://" : "https://";
    try {
      URI uri = new URI(scheme + stripped);
      if (uri.getHost() == null || uri.getQuery() != null || uri.getUserInfo() != null) {
        throw notAnEndpoint();
      }
      return uri;
    } catch (URISyntaxException e) {
      throw notAnEndpoint();
    }
  }

  private static IllegalArgumentException notAnEndpoint() {
    return new IllegalArgumentException(
        "is not an endpoint: write a URL such as https://s3.example.com, or a host with or without"
            + " a port");
  }

  /** A store at an address of its own. */
  public static S3Endpoint at(URI uri) {
    return AWS.withUri(uri);
  }

  public S3Endpoint withUri(URI changed) {
    return new S3Endpoint(
        Optional.of(changed),
        region,
        addressing,
        caBundle,
        skipVerify,
        signPayload,
        connectTimeout,
        readTimeout);
  }

  public S3Endpoint withRegion(String changed) {
    return new S3Endpoint(
        uri,
        Optional.of(changed),
        addressing,
        caBundle,
        skipVerify,
        signPayload,
        connectTimeout,
        readTimeout);
  }

  public S3Endpoint withAddressing(Addressing changed) {
    return new S3Endpoint(
        uri, region, changed, caBundle, skipVerify, signPayload, connectTimeout, readTimeout);
  }

  public S3Endpoint withCaBundle(CaBundle changed) {
    return new S3Endpoint(
        uri,
        region,
        addressing,
        Optional.of(changed),
        skipVerify,
        signPayload,
        connectTimeout,
        readTimeout);
  }

  public S3Endpoint withSkipVerify(boolean changed) {
    return new S3Endpoint(
        uri, region, addressing, caBundle, changed, signPayload, connectTimeout, readTimeout);
  }

  public S3Endpoint withSignPayload(boolean changed) {
    return new S3Endpoint(
        uri, region, addressing, caBundle, skipVerify, changed, connectTimeout, readTimeout);
  }

  public S3Endpoint withTimeouts(Duration connect, Duration read) {
    return new S3Endpoint(
        uri, region, addressing, caBundle, skipVerify, signPayload, connect, read);
  }

  /** Whether this is a store of somebody else, where newer AWS habits are not to be expected. */
  public boolean isCustom() {
    return uri.isPresent();
  }

  /** Whether requests leave this machine unencrypted. */
  boolean isPlain() {
    return !usesTls()
        && uri.map(at -> !LOOPBACK.matcher(at.getHost().toLowerCase(Locale.ROOT)).matches())
            .orElse(false);
  }

  boolean usesTls() {
    return uri.map(at -> !"http".equalsIgnoreCase(at.getScheme())).orElse(true);
  }

  /** Whether the bucket's name goes into the path. */
  public boolean pathStyle() {
    return switch (addressing) {
      case PATH -> true;
      case VIRTUAL_HOST -> false;
      case AUTO -> uri.map(at -> !at.getHost().endsWith(".amazonaws.com")).orElse(false);
    };
  }
}
