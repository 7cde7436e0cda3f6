package dev.tidewal.config;

import dev.tidewal.core.BucketInfo;
import dev.tidewal.core.Secret;
import dev.tidewal.replica.FileSettings;
import dev.tidewal.replica.ReplicaSettings;
import dev.tidewal.replica.S3Endpoint;
import dev.tidewal.replica.S3Settings;
import dev.tidewal.replica.S3Storage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a replica is; {@link StoreLookup} makes settings of it. */
public sealed interface Store {
  /** As a user would write it; no secrets. */
  String shown();

  /** The same store, at a path below. */
  Store below(Path relative);

  /** Everything is in the configuration. */
  record Fixed(ReplicaSettings settings) implements Store {
    @Override
    public String shown() {
      return settings.url();
    }

    @Override
    public Store below(Path relative) {
      return new Fixed(
          switch (settings) {
            case FileSettings file -> new FileSettings(file.root().resolve(relative));
            case S3Settings s3 -> s3.withPrefix(joined(s3.prefix(), relative));
          });
    }
  }

  /**
   * The bucket comes from a mounted COSI Secret, which may be filled, and filled anew, at any time.
   *
   * @param paths directories or files; of several the newest that is complete
   * @param prefix key prefix in the bucket
   * @param overrides what the configuration says itself, which wins
   * @param endpoint what no Secret knows about the connection; its address and region don't count
   * @param storage how objects are kept
   * @param sessionToken for keys that were set by hand
   */
  record FromBucketInfo(
      List<Path> paths,
      String prefix,
      BucketInfo.Overrides overrides,
      S3Endpoint endpoint,
      S3Storage storage,
      Optional<Secret> sessionToken)
      implements Store {
    public FromBucketInfo {
      paths = List.copyOf(paths);
    }

    @Override
    public String shown() {
      return "bucket-info:" + paths.getFirst() + (prefix.isEmpty() ? "" : "?path=" + prefix);
    }

    @Override
    public Store below(Path relative) {
      return new FromBucketInfo(
          paths, joined(prefix, relative), overrides, endpoint, storage, sessionToken);
    }
  }

  /** As Litestream joins them: a slash at the front stays, double ones don't. */
  private static String joined(String prefix, Path relative) {
    return prefix.isEmpty()
        ? relative.toString()
        : (prefix + "/" + relative).replaceAll("/{2,}", "/");
  }
}
