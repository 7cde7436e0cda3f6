package dev.tidewal.config;

import java.util.Locale;
import java.util.Set;

/** Kinds of stores that a destination can be in. */
enum StoreType {
  FILE,
  S3;

  static final ValueType<StoreType> TYPE = ValueType.scalar("file or s3", StoreType::parse);

  /** Litestream's, which this version has no client for. */
  private static final Set<String> UNSUPPORTED =
      Set.of("abs", "gcs", "gs", "nats", "oss", "sftp", "webdav");

  private static StoreType parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "file" -> FILE;
      case "s3" -> S3;
      case String other ->
          throw new IllegalArgumentException(
              UNSUPPORTED.contains(other)
                  ? "is a kind of store that this version does not support; use s3 or file"
                  : "is not one of file, s3");
    };
  }

  String shown() {
    return name().toLowerCase(Locale.ROOT);
  }
}
