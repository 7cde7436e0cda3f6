package dev.tidewal.replica;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the host part of an {@code s3://} URL stands for. Litestream takes some stores' host names
 * there ({@code s3://bucket.nyc3.digitaloceanspaces.com/db}); anything else is a bucket's name.
 *
 * @param bucket empty when the host names only a store
 */
record S3Host(String bucket, Optional<URI> endpoint, Optional<String> region) {
  /** Groups: bucket, region. The endpoint's host has the region for %s. */
  private record Form(Pattern pattern, String endpoint) {}

  private static final Pattern LOCALHOST = Pattern.compile("(?:(.+)\\.)?localhost(:\\d+)?");
  private static final Pattern AWS =
      Pattern.compile("(.+)\\.s3(?:[.-]([a-z0-9-]+))?\\.amazonaws\\.com");
  private static final List<Form> FORMS =
      List.of(
          form("(?:(.+)\\.)?s3\\.([^.]+)\\.backblazeb2\\.com", "https://s3.%s.backblazeb2.com"),
          form(
              "(?:(.+)\\.)?([^.]+)\\.digitaloceanspaces\\.com",
              "https://%s.digitaloceanspaces.com"),
          form("(?:(.+)\\.)?s3\\.([^.]+)\\.scw\\.cloud", "https://s3.%s.scw.cloud"),
          form("(?:(.+)\\.)?([^.]+)\\.linodeobjects\\.com", "https://%s.linodeobjects.com"),
          form("(?:(.+)\\.)?s3\\.filebase\\.com()", "https://s3.filebase.com"));

  static S3Host parse(String host) {
    Matcher local = LOCALHOST.matcher(host);
    if (local.matches()) {
      String port = Optional.ofNullable(local.group(2)).orElse("");
      return new S3Host(
          bucket(local), Optional.of(URI.create("http://localhost" + port)), Optional.empty());
    }
    Matcher aws = AWS.matcher(host);
    if (aws.matches()) {
      return new S3Host(bucket(aws), Optional.empty(), Optional.ofNullable(aws.group(2)));
    }
    for (Form form : FORMS) {
      Matcher matcher = form.pattern().matcher(host);
      if (matcher.matches()) {
        String region = Optional.ofNullable(matcher.group(2)).orElse("");
        return new S3Host(
            bucket(matcher),
            Optional.of(URI.create(form.endpoint().formatted(region))),
            Optional.of(region).filter(name -> !name.isEmpty()));
      }
    }
    return new S3Host(host, Optional.empty(), Optional.empty());
  }

  private static String bucket(Matcher matcher) {
    return Optional.ofNullable(matcher.group(1)).orElse("");
  }

  private static Form form(String pattern, String endpoint) {
    return new Form(Pattern.compile(pattern), endpoint);
  }
}
