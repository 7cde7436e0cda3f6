package dev.tidewal.config;

import dev.tidewal.core.AccessKey;
import dev.tidewal.core.BucketInfo;
import dev.tidewal.core.Secret;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.CaBundle;
import dev.tidewal.replica.CredentialsSource;
import dev.tidewal.replica.FileSettings;
import dev.tidewal.replica.ReplicaSettings;
import dev.tidewal.replica.ReplicaUrl;
import dev.tidewal.replica.S3Endpoint;
import dev.tidewal.replica.S3Endpoint.Addressing;
import dev.tidewal.replica.S3Settings;
import dev.tidewal.replica.S3Storage;
import dev.tidewal.replica.S3Storage.Encryption;
import dev.tidewal.replica.StoreCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** From the maps under {@code destinations} to {@link DestinationConfig}s. */
final class DestinationParser {
  private static final int MOST_LEVELS = 8;

  /**
   * The fence looks at the newest batches of the last 60 s: after a pause, and before it repeats an
   * upload without an answer. They have to be there, with time for a slow listing.
   */
  private static final Duration SHORTEST_L0_RETENTION = Duration.ofMinutes(2);

  private final Dialect dialect;
  private final Map<String, String> environment;
  private final Notes notes;

  /**
   * A parser of one file.
   *
   * @param environment for Litestream's variables with credentials
   */
  DestinationParser(Dialect dialect, Map<String, String> environment, Notes notes) {
    this.dialect = dialect;
    this.environment = environment;
    this.notes = notes;
  }

  List<DestinationConfig> parseAll(Section database) {
    List<Section> sections = database.sections(Keys.DESTINATIONS, Optional.of(Keys.URL.name()));
    if (sections.isEmpty()) {
      throw database.error("has no destination; list them under 'destinations:'");
    }
    List<DestinationConfig> destinations = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : sections) {
      UnknownKeys.refuse(section, Place.DESTINATION);
      destinations.add(destination(section, names));
    }
    return destinations;
  }

  private DestinationConfig destination(Section section, Set<String> names) {
    StoreType type = type(section);
    Store store =
        switch (type) {
          case FILE -> file(section);
          case S3 -> s3(section);
        };
    return new DestinationConfig(
        name(section, type, names),
        store,
        section.find(Keys.SYNC_INTERVAL).orElse(defaultSyncInterval(type)),
        section.get(Keys.SYNC_BURST),
        new Throttle(section.find(Keys.BANDWIDTH_LIMIT), section.find(Keys.REQUEST_LIMIT)),
        schedule(section));
  }

  /** Uploads cost money in a bucket; on a disk they cost a sync. */
  private static Duration defaultSyncInterval(StoreType type) {
    return switch (type) {
      case FILE -> Duration.ofMillis(100);
      case S3 -> Duration.ofSeconds(1);
    };
  }

  private static String name(Section section, StoreType type, Set<String> names) {
    Optional<String> given = section.find(Keys.NAME);
    if (given.isPresent() && !names.add(given.get())) {
      throw section.error(Keys.NAME, "is the name of another destination of this database too");
    }
    String name = given.orElse(type.shown());
    for (int number = 2; given.isEmpty() && !names.add(name); number++) {
      name = type.shown() + "-" + number;
    }
    return name;
  }

  private static StoreType type(Section section) {
    Optional<StoreType> named = section.find(Keys.TYPE);
    Optional<StoreType> told =
        url(section)
            .map(settings -> settings instanceof S3Settings ? StoreType.S3 : StoreType.FILE)
            .or(() ->
                section.hasHere(Keys.BUCKET_INFO) ? Optional.of(StoreType.S3) : Optional.empty());
    if (named.isPresent() && told.isPresent() && !named.equals(told)) {
      throw section.error(
          Keys.TYPE,
          "is " + named.get().shown() + ", but the store is of type " + told.get().shown());
    }
    return named
        .or(() -> told)
        .orElse(section.hasHere(Keys.BUCKET) ? StoreType.S3 : StoreType.FILE);
  }

  private static Optional<ReplicaSettings> url(Section section) {
    return section
        .find(Keys.URL)
        .map(url -> {
          try {
            return ReplicaUrl.parse(url);
          } catch (TidewalException.Usage e) {
            throw section.isFile() ? section.error(Keys.URL, "is wrong: " + e.getMessage()) : e;
          } catch (IllegalArgumentException e) {
            throw section.error(Keys.URL, "is not a URL");
          }
        });
  }

  private Store file(Section section) {
    for (Key<?> key : Keys.S3_ONLY) {
      if (section.hasHere(key)) {
        notes.warning(section.line(key), section.qualified(key.name()) + " has no effect on files");
      }
    }
    Optional<Path> path = section.find(Keys.DIRECTORY);
    refuseBoth(section, Keys.URL, Keys.DESTINATION_PATH);
    if (url(section).orElse(null) instanceof FileSettings(Path root)) {
      return new Store.Fixed(new FileSettings(root.toAbsolutePath().normalize()));
    }
    return new Store.Fixed(
        new FileSettings(
            path.orElseThrow(() ->
                section.error("says nowhere to replicate to: set 'url', or 'type' and 'path'"))));
  }

  private Store s3(Section section) {
    refuseBoth(section, Keys.URL, Keys.DESTINATION_PATH);
    refuseBoth(section, Keys.URL, Keys.BUCKET);
    refuseBoth(section, Keys.URL, Keys.BUCKET_INFO);
    String prefix = prefix(section);
    List<Path> bucketInfo = section.find(Keys.BUCKET_INFO).orElse(List.of());
    if (!bucketInfo.isEmpty()) {
      return new Store.FromBucketInfo(
          bucketInfo,
          prefix,
          overrides(section),
          endpoint(section, S3Endpoint.AWS),
          storage(section, S3Storage.DEFAULT),
          section.find(Keys.SESSION_TOKEN));
    }
    S3Settings settings =
        url(section).orElse(null) instanceof S3Settings fromUrl
            ? fromUrl
            : S3Settings.of(
                section
                    .find(Keys.BUCKET)
                    .orElseThrow(() -> section.error("names no bucket: set 'bucket' or 'url'")),
                prefix);
    return new Store.Fixed(
        settings
            .withEndpoint(endpoint(section, settings.endpoint()))
            .withStorage(storage(section, settings.storage()))
            .withCredentials(credentials(section)));
  }

  /**
   * Litestream takes the path as it is, slashes at its ends too: its keys are to be found again.
   */
  private String prefix(Section section) {
    String path = section.find(Keys.DESTINATION_PATH).orElse("");
    if (path.contains("://")) {
      throw section.error(Keys.DESTINATION_PATH, "is a URL; write it under 'url'");
    }
    if (dialect == Dialect.LITESTREAM) {
      return path;
    }
    return Arrays.stream(path.split("/", -1))
        .filter(part -> !part.isEmpty() && !part.equals("."))
        .collect(Collectors.joining("/"));
  }

  private static BucketInfo.Overrides overrides(Section section) {
    return new BucketInfo.Overrides(
        section.find(Keys.BUCKET),
        section.find(Keys.ENDPOINT).map(Object::toString),
        section.find(Keys.REGION),
        section.find(Keys.ACCESS_KEY_ID),
        section.find(Keys.SECRET_ACCESS_KEY));
  }

  private static S3Endpoint endpoint(Section section, S3Endpoint base) {
    S3Endpoint endpoint = base;
    endpoint = section.find(Keys.ENDPOINT).map(endpoint::withUri).orElse(endpoint);
    endpoint = section.find(Keys.REGION).map(endpoint::withRegion).orElse(endpoint);
    endpoint =
        section
            .find(Keys.FORCE_PATH_STYLE)
            .map(force -> force ? Addressing.PATH : Addressing.VIRTUAL_HOST)
            .map(endpoint::withAddressing)
            .orElse(endpoint);
    endpoint =
        section
            .find(Keys.CA_BUNDLE)
            .map(CaBundle.PemFile::new)
            .map(endpoint::withCaBundle)
            .orElse(endpoint);
    endpoint = section.find(Keys.SKIP_VERIFY).map(endpoint::withSkipVerify).orElse(endpoint);
    endpoint = section.find(Keys.SIGN_PAYLOAD).map(endpoint::withSignPayload).orElse(endpoint);
    return endpoint.withTimeouts(
        section.find(Keys.CONNECT_TIMEOUT).orElse(endpoint.connectTimeout()),
        section.find(Keys.READ_TIMEOUT).orElse(endpoint.readTimeout()));
  }

  private static S3Storage storage(Section section, S3Storage base) {
    S3Storage storage = base;
    storage = section.find(Keys.STORAGE_CLASS).map(storage::withStorageClass).orElse(storage);
    storage = section.find(Keys.PART_SIZE).map(storage::withSmallestPart).orElse(storage);
    storage = section.find(Keys.CONCURRENCY).map(storage::withConcurrentParts).orElse(storage);
    storage = section.find(Keys.CONTENT_MD5).map(storage::withContentMd5).orElse(storage);
    return encryption(section).map(storage::withEncryption).orElse(storage);
  }

  private static Optional<Encryption> encryption(Section section) {
    Optional<Encryption> customer =
        section.find(Keys.SSE_CUSTOMER_KEY).or(() -> section.find(Keys.SSE_CUSTOMER_KEY_PATH));
    Optional<Encryption> managed =
        section
            .find(Keys.SSE_KMS_KEY_ID)
            .<Encryption>map(id -> new Encryption.Kms(Optional.of(id)))
            .or(() -> section.find(Keys.SSE));
    if (customer.isPresent() && managed.isPresent()) {
      throw section.error("asks for two encryptions: a customer's key excludes 'sse' and KMS");
    }
    return customer.or(() -> managed);
  }

  private CredentialsSource credentials(Section section) {
    Optional<String> id = section.find(Keys.ACCESS_KEY_ID);
    Optional<Secret> secret = section.find(Keys.SECRET_ACCESS_KEY);
    if (id.isPresent() != secret.isPresent()) {
      Key<?> present = id.isPresent() ? Keys.ACCESS_KEY_ID : Keys.SECRET_ACCESS_KEY;
      Key<?> absent = id.isPresent() ? Keys.SECRET_ACCESS_KEY : Keys.ACCESS_KEY_ID;
      String half = "is set without '" + absent.name() + "'";
      if (dialect == Dialect.TIDEWAL) {
        throw section.error(present, half);
      }
      notes.warning(
          section.line(present),
          present.name() + " " + half + ", so AWS's default credentials chain is used");
      return CredentialsSource.defaultChain();
    }
    return id.map(known -> new AccessKey(known, secret.orElseThrow()))
        .or(this::litestreamVariables)
        .map(key -> new StoreCredentials(key, section.find(Keys.SESSION_TOKEN)))
        .map(CredentialsSource::fixed)
        .orElse(CredentialsSource.defaultChain());
  }

  /** Litestream takes its own variables where AWS's are not set. */
  private Optional<AccessKey> litestreamVariables() {
    String id = environment.getOrDefault("LITESTREAM_ACCESS_KEY_ID", "");
    String secret = environment.getOrDefault("LITESTREAM_SECRET_ACCESS_KEY", "");
    boolean awsIsSet =
        environment.containsKey("AWS_ACCESS_KEY_ID")
            || environment.containsKey("AWS_SECRET_ACCESS_KEY");
    return awsIsSet || id.isEmpty() || secret.isEmpty()
        ? Optional.empty()
        : Optional.of(new AccessKey(id, new Secret(secret)));
  }

  private Schedule schedule(Section section) {
    List<Duration> levels = section.get(Keys.LEVELS);
    if (levels.isEmpty() || levels.size() > MOST_LEVELS) {
      throw section.error(Keys.LEVELS, "has " + levels.size() + " levels: 1 to 8 are possible");
    }
    if (levels.getFirst().toMillis() < 1) {
      throw section.error(Keys.LEVELS, "begins with less than 1ms");
    }
    for (int i = 1; i < levels.size(); i++) {
      if (levels.get(i).compareTo(levels.get(i - 1)) <= 0) {
        throw section.error(Keys.LEVELS, "must rise: each level is longer than the one before");
      }
    }
    return new Schedule(
        levels,
        batchRetention(section),
        section.get(Keys.SNAPSHOT_INTERVAL),
        section.get(Keys.SNAPSHOT_RETENTION),
        section.get(Keys.RETENTION_ENABLED));
  }

  /** Zero is for ever. A Litestream file goes on working, with the shortest time that is safe. */
  private Optional<Duration> batchRetention(Section section) {
    Duration asked = section.get(Keys.L0_RETENTION);
    if (asked.isZero() || asked.compareTo(SHORTEST_L0_RETENTION) >= 0) {
      return Optional.of(asked).filter(Duration::isPositive);
    }
    String tooShort = "is shorter than 2m, which telling two writers apart needs";
    if (dialect == Dialect.TIDEWAL) {
      throw section.error(Keys.L0_RETENTION, tooShort + "; write 2m or more, or 0 for ever");
    }
    notes.warning(
        section.line(Keys.L0_RETENTION),
        Keys.L0_RETENTION.name() + " " + tooShort + ", so 2m it is");
    return Optional.of(SHORTEST_L0_RETENTION);
  }

  private static void refuseBoth(Section section, Key<?> one, Key<?> other) {
    if (section.hasHere(one) && section.hasHere(other)) {
      throw section.error(other, "and '" + one.name() + "' exclude each other");
    }
  }
}
