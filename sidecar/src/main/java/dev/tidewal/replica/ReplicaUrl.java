package dev.tidewal.replica;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.Nearest;
import dev.tidewal.core.Secret;
import dev.tidewal.core.TidewalException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads where a replica is from what a user writes: a path, {@code file:///path}, {@code
 * s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-1&force-path-style=true}.
 *
 * <p>The query takes Litestream's names, in both of its spellings ({@code forcePathStyle}, {@code
 * force-path-style}), and {@code ca-bundle}, {@code sse}, {@code connect-timeout}, {@code
 * read-timeout}. Credentials are not part of a URL.
 */
public final class ReplicaUrl {
  private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)");
  private static final Pattern ACCESS_POINT =
      Pattern.compile("(arn:[^:/?]*:s3[^:/?]*:[^:/?]*:[^:/?]*:accesspoint[/:][^/?]+)(.*)");
  private static final List<String> SCHEMES = List.of("file", "s3");
  private static final List<String> NOT_YET =
      List.of("abs", "gs", "gcs", "nats", "oss", "sftp", "webdav", "webdavs");

  private ReplicaUrl() {}

  /**
   * Reads a URL or a path.
   *
   * @throws TidewalException.Usage naming the part that is wrong and the cure
   */
  public static ReplicaSettings parse(String text) {
    if (text.regionMatches(true, 0, "file:/", 0, 6)) {
      return file(text);
    }
    Matcher url = URL.matcher(text);
    if (!url.matches()) {
      if (text.isBlank()) {
        throw new TidewalException.Usage("the replica's URL is empty; " + examples());
      }
      return new FileSettings(Path.of(text));
    }
    String scheme = url.group(1).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "s3" -> s3(text, url.group(2));
      default -> throw unknown(scheme);
    };
  }

  /** The path is absolute whatever the number of slashes, as Litestream takes it. */
  private static FileSettings file(String text) {
    String path = text.substring("file:".length()).replaceFirst("^//localhost/", "/");
    int query = path.indexOf('?');
    String plain = decode(query < 0 ? path : path.substring(0, query), false);
    if (plain.matches("/*")) {
      throw new TidewalException.Usage(
          "replica URL " + text + ": the path is missing; " + examples());
    }
    return new FileSettings(Path.of("/", plain).normalize());
  }

  private static S3Settings s3(String url, String rest) {
    int question = rest.indexOf('?');
    String location = question < 0 ? rest : rest.substring(0, question);
    QueryParameters query =
        QueryParameters.parse(url, question < 0 ? "" : rest.substring(question + 1));
    Matcher accessPoint = ACCESS_POINT.matcher(location);
    boolean arn = accessPoint.matches();
    int slash = location.indexOf('/');
    String host = arn ? accessPoint.group(1) : slash < 0 ? location : location.substring(0, slash);
    String path = arn ? accessPoint.group(2) : slash < 0 ? "" : location.substring(slash);
    if (host.contains("@")) {
      throw new TidewalException.Usage(
          "replica URL s3://...: credentials don't belong into a URL, which ends in logs; set"
              + " access-key-id and secret-access-key in the configuration");
    }
    S3Host meaning =
        arn
            ? new S3Host(host, Optional.empty(), Optional.of(host.split(":", -1)[3]))
            : S3Host.parse(host);
    if (meaning.bucket().isEmpty()) {
      throw new TidewalException.Usage(
          "replica URL " + url + ": the bucket is missing; " + examples());
    }
    S3Endpoint endpoint = endpoint(meaning, query);
    S3Storage storage = storage(query);
    query.refuseTheRest();
    try {
      return S3Settings.of(meaning.bucket(), prefix(decode(path, false)))
          .withEndpoint(endpoint)
          .withStorage(storage);
    } catch (IllegalArgumentException e) {
      throw new TidewalException.Usage("replica URL s3://" + host + ": " + e.getMessage(), e);
    }
  }

  private static S3Endpoint endpoint(S3Host host, QueryParameters query) {
    S3Endpoint endpoint = host.endpoint().map(S3Endpoint::at).orElse(S3Endpoint.AWS);
    endpoint = query.apply("endpoint", S3Endpoint::parse, endpoint, S3Endpoint::withUri);
    endpoint = host.region().map(endpoint::withRegion).orElse(endpoint);
    endpoint = query.apply("region", text -> text, endpoint, S3Endpoint::withRegion);
    endpoint =
        query.apply(
            "force-path-style",
            QueryParameters::bool,
            endpoint,
            (at, force) ->
                at.withAddressing(
                    force ? S3Endpoint.Addressing.PATH : S3Endpoint.Addressing.VIRTUAL_HOST));
    endpoint =
        query.apply("skip-verify", QueryParameters::bool, endpoint, S3Endpoint::withSkipVerify);
    endpoint =
        query.apply("sign-payload", QueryParameters::bool, endpoint, S3Endpoint::withSignPayload);
    endpoint =
        query.apply(
            "ca-bundle",
            text -> new CaBundle.PemFile(Path.of(text)),
            endpoint,
            S3Endpoint::withCaBundle);
    endpoint =
        query.apply(
            "connect-timeout",
            QueryParameters::duration,
            endpoint,
            (at, time) -> at.withTimeouts(time, at.readTimeout()));
    return query.apply(
        "read-timeout",
        QueryParameters::duration,
        endpoint,
        (at, time) -> at.withTimeouts(at.connectTimeout(), time));
  }

  private static S3Storage storage(QueryParameters query) {
    S3Storage storage = S3Storage.DEFAULT;
    storage = query.apply("storage-class", text -> text, storage, S3Storage::withStorageClass);
    storage = query.apply("part-size", ByteSize::parse, storage, S3Storage::withSmallestPart);
    storage =
        query.apply("concurrency", QueryParameters::count, storage, S3Storage::withConcurrentParts);
    storage =
        query.apply(
            "require-content-md5", QueryParameters::bool, storage, S3Storage::withContentMd5);
    storage = query.apply("sse", ReplicaUrl::managedEncryption, storage, S3Storage::withEncryption);
    storage =
        query.apply(
            "sse-kms-key-id",
            text -> new S3Storage.Encryption.Kms(Optional.of(text)),
            storage,
            S3Storage::withEncryption);
    query.apply("sse-customer-algorithm", ReplicaUrl::aes256, storage, (same, checked) -> same);
    query.apply("sse-customer-key-md5", text -> text, storage, (same, computed) -> same);
    return query.apply(
        "sse-customer-key",
        text -> new S3Storage.Encryption.CustomerKey(new Secret(text)),
        storage,
        S3Storage::withEncryption);
  }

  private static S3Storage.Encryption managedEncryption(String text) {
    return switch (text) {
      case "AES256" -> new S3Storage.Encryption.Aes256();
      case "aws:kms" -> new S3Storage.Encryption.Kms(Optional.empty());
      default -> throw new IllegalArgumentException("is not AES256 or aws:kms");
    };
  }

  private static String aes256(String text) {
    if (!text.equals("AES256")) {
      throw new IllegalArgumentException("is not AES256, the only algorithm");
    }
    return text;
  }

  /** Without empty parts and dots, as Go's path.Clean leaves it. */
  private static String prefix(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      switch (part) {
        case "", "." -> {}
        case ".." -> {
          if (!parts.isEmpty()) {
            parts.removeLast();
          }
        }
        default -> parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  /** Percent signs decoded; a plus is a blank only in a query. */
  static String decode(String text, boolean inQuery) {
    try {
      return URLDecoder.decode(inQuery ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException loosePercent) {
      return text;
    }
  }

  private static TidewalException unknown(String scheme) {
    if (NOT_YET.contains(scheme)) {
      return new TidewalException.Usage(
          "replica URL "
              + scheme
              + "://...: this kind of store is not supported yet; known: "
              + String.join(", ", SCHEMES));
    }
    String nearest =
        Nearest.to(scheme, SCHEMES).map(near -> ", did you mean " + near + "?").orElse("");
    return new TidewalException.Usage(
        "replica URL " + scheme + "://...: unknown scheme" + nearest + "; " + examples());
  }

  private static String examples() {
    return Stream.of("/path", "file:///path", "s3://bucket/prefix")
        .collect(Collectors.joining(", ", "known: ", ""));
  }
}
