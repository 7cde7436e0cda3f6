package dev.tidewal.config;

import dev.tidewal.core.BucketInfo;
import dev.tidewal.core.BucketInfoFile;
import dev.tidewal.core.BucketInfoState;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.CaBundle;
import dev.tidewal.replica.CredentialsSource;
import dev.tidewal.replica.S3Endpoint;
import dev.tidewal.replica.S3Settings;
import dev.tidewal.replica.StoreCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Settings of a store, from the configuration and the COSI Secret that it names.
 *
 * <p>Credentials from a Secret are looked at again whenever its files change and when the store
 * refuses, so that a rotation needs no restart. The bucket and the endpoint stay those of the first
 * look.
 */
public final class StoreLookup {
  private StoreLookup() {}

  /**
   * Looks once.
   *
   * @throws TidewalException.Usage half a BucketInfo, or a kind of store without a client; names
   *     file and field
   * @throws IOException when a Secret that is there can't be read
   */
  public static StoreState look(Store store) throws IOException {
    return switch (store) {
      case Store.Fixed(var settings) -> new StoreState.Ready(settings);
      case Store.FromBucketInfo from ->
          switch (newest(from)) {
            case BucketInfoState.NotReady(String reason) -> new StoreState.NotReady(reason);
            case BucketInfoState.Ready(BucketInfo info) ->
                new StoreState.Ready(settings(from, info));
          };
    };
  }

  private static S3Settings settings(Store.FromBucketInfo from, BucketInfo info) {
    BucketInfo.S3 s3 = onlyS3(from, info);
    S3Endpoint endpoint = from.endpoint().withRegion(s3.region());
    endpoint = s3.endpoint().map(endpoint::withUri).orElse(endpoint);
    if (endpoint.addressing() == S3Endpoint.Addressing.AUTO) {
      endpoint =
          endpoint.withAddressing(
              s3.pathStyle() ? S3Endpoint.Addressing.PATH : S3Endpoint.Addressing.VIRTUAL_HOST);
    }
    if (endpoint.caBundle().isEmpty() && s3.certificateAuthority().isPresent()) {
      endpoint = endpoint.withCaBundle(new CaBundle.Pem(s3.certificateAuthority().get()));
    }
    return new S3Settings(s3.bucket(), from.prefix(), endpoint, credentials(from), from.storage());
  }

  private static CredentialsSource credentials(Store.FromBucketInfo from) {
    List<Path> watched =
        from.paths().stream()
            .flatMap(path -> Stream.of(path, path.resolve("..data"), path.resolve("BucketInfo")))
            .toList();
    return CredentialsSource.watching(watched, () -> read(from));
  }

  /** Of each complete Secret for the newest one's bucket, the newest first. */
  private static List<StoreCredentials> read(Store.FromBucketInfo from) {
    try {
      List<BucketInfo.S3> complete =
          look(from).complete().stream().map(info -> onlyS3(from, info)).toList();
      if (complete.isEmpty()) {
        throw new TidewalException.Usage(look(from).reason());
      }
      BucketInfo.S3 newest = complete.getFirst();
      if (newest.accessKey().isEmpty()) {
        return List.of();
      }
      return complete.stream()
          .filter(info -> info.bucket().equals(newest.bucket()))
          .filter(info -> info.endpoint().equals(newest.endpoint()))
          .flatMap(info -> info.accessKey().stream())
          .map(key -> new StoreCredentials(key, from.sessionToken()))
          .distinct()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The newest complete one. */
  private static BucketInfoState newest(Store.FromBucketInfo from) throws IOException {
    Looked looked = look(from);
    return looked.complete().isEmpty()
        ? new BucketInfoState.NotReady(looked.reason())
        : new BucketInfoState.Ready(looked.complete().getFirst());
  }

  /**
   * What the mounted Secrets hold.
   *
   * @param complete newest first
   * @param reason why the others are not ready
   */
  private record Looked(List<BucketInfo> complete, String reason) {}

  /** An incomplete one is an error only where no other is complete. */
  private static Looked look(Store.FromBucketInfo from) throws IOException {
    List<BucketInfo> complete = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    Optional<TidewalException.Usage> broken = Optional.empty();
    for (Path path : newestFirst(from.paths())) {
      try {
        switch (BucketInfoFile.read(path, from.overrides())) {
          case BucketInfoState.Ready(BucketInfo info) -> complete.add(info);
          case BucketInfoState.NotReady(String reason) -> reasons.add(reason);
        }
      } catch (TidewalException.Usage incomplete) {
        broken = broken.isPresent() ? broken : Optional.of(incomplete);
      }
    }
    if (complete.isEmpty() && broken.isPresent()) {
      throw broken.get();
    }
    return new Looked(complete, String.join("; ", reasons.stream().sorted().toList()));
  }

  private static List<Path> newestFirst(List<Path> paths) {
    return paths.stream().sorted(Comparator.comparing(StoreLookup::changed).reversed()).toList();
  }

  /** When the kubelet swapped the volume's link, or the file was written. */
  private static Instant changed(Path path) {
    Path swapped = path.resolve("..data");
    try {
      return Files.getLastModifiedTime(Files.exists(swapped) ? swapped : path).toInstant();
    } catch (IOException absent) {
      return Instant.MIN;
    }
  }

  private static BucketInfo.S3 onlyS3(Store.FromBucketInfo from, BucketInfo info) {
    return switch (info) {
      case BucketInfo.S3 s3 -> s3;
      case BucketInfo.Azure _ -> throw unsupported(from, "Azure");
      case BucketInfo.Gcs _ -> throw unsupported(from, "GCS");
    };
  }

  private static TidewalException.Usage unsupported(Store.FromBucketInfo from, String protocol) {
    return new TidewalException.Usage(
        from.paths().getFirst()
            + ": the bucket speaks "
            + protocol
            + ", for which this version has no client; claim a bucket with protocol S3");
  }
}
