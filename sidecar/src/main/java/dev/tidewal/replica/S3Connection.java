package dev.tidewal.replica;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The SDK's client for one store and one set of credentials, made at first use and shared by all
 * replicas there.
 *
 * <p>Everything is set by hand: the SDK reads no profile file for settings and asks no metadata
 * service for a region, and it neither retries nor sends metrics.
 */
final class S3Connection implements AutoCloseable {
  /** What makes two replicas share a connection. The bucket counts where its region is unknown. */
  record Key(
      S3Endpoint endpoint,
      CredentialsSource credentials,
      boolean contentMd5,
      Optional<String> lookUp) {
    static Key of(S3Settings settings) {
      S3Endpoint endpoint = settings.endpoint();
      boolean regionKnown = endpoint.isCustom() || endpoint.region().isPresent();
      return new Key(
          endpoint,
          settings.credentials(),
          settings.storage().contentMd5(),
          regionKnown ? Optional.empty() : Optional.of(settings.bucket()));
    }
  }

  private static final ProfileFile NO_PROFILES = ProfileFile.aggregator().build();

  private final Key key;
  private final ReentrantLock making = new ReentrantLock();
  private volatile @Nullable S3Client client;
  private @Nullable SdkHttpClient http;

  S3Connection(Key key) {
    this.key = key;
  }

  S3Endpoint endpoint() {
    return key.endpoint;
  }

  CredentialsSource credentials() {
    return key.credentials;
  }

  /** The client; the first call may look up the bucket's region. */
  S3Client client() {
    S3Client made = client;
    if (made != null) {
      return made;
    }
    making.lock();
    try {
      if (client == null) {
        client = make();
      }
      return java.util.Objects.requireNonNull(client);
    } finally {
      making.unlock();
    }
  }

  private S3Client make() {
    SdkHttpClient transport = http();
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(transport)
            .region(Region.of(region(transport)))
            .credentialsProvider(credentials(key.credentials))
            .forcePathStyle(key.endpoint.pathStyle())
            .useArnRegion(true)
            .accelerate(false)
            .serviceConfiguration(service ->
                service
                    .chunkedEncodingEnabled(false)
                    .expectContinueEnabled(false)
                    .profileFile(() -> NO_PROFILES))
            // Newer checksums break stores that don't know them (DESIGN: custom endpoints).
            .requestChecksumCalculation(
                key.endpoint.isCustom()
                    ? RequestChecksumCalculation.WHEN_REQUIRED
                    : RequestChecksumCalculation.WHEN_SUPPORTED)
            .responseChecksumValidation(
                key.endpoint.isCustom()
                    ? ResponseChecksumValidation.WHEN_REQUIRED
                    : ResponseChecksumValidation.WHEN_SUPPORTED)
            .overrideConfiguration(override ->
                override
                    .retryStrategy(AwsRetryStrategy.doNotRetry())
                    .defaultProfileFile(NO_PROFILES));
    if (key.endpoint.signPayload()) {
      builder.authSchemeProvider(signedPayload());
    }
    if (key.contentMd5) {
      builder.addPlugin(LegacyMd5Plugin.create());
    }
    key.endpoint.uri().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private String region(SdkHttpClient transport) {
    return key.endpoint
        .region()
        .or(() -> key.lookUp.map(bucket -> S3Region.of(bucket, transport)))
        .orElse("us-east-1");
  }

  private SdkHttpClient http() {
    SdkHttpClient made = http;
    if (made != null) {
      return made;
    }
    UrlConnectionHttpClient.Builder builder =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(key.endpoint.connectTimeout())
            .socketTimeout(key.endpoint.readTimeout());
    key.endpoint
        .caBundle()
        .ifPresentOrElse(
            bundle -> builder.tlsTrustManagersProvider(() -> S3Trust.with(bundle)),
            () -> {
              if (!key.endpoint.usesTls() && !key.endpoint.skipVerify()) {
                builder.tlsTrustManagersProvider(S3Trust::inNobody);
              }
            });
    made =
        builder.buildWithDefaults(
            AttributeMap.builder()
                .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, key.endpoint.skipVerify())
                .build());
    http = made;
    return made;
  }

  /** Asked for every request, so that rotated credentials are used at once. */
  private static AwsCredentialsProvider credentials(CredentialsSource source) {
    AwsCredentialsProvider chain = DefaultCredentialsProvider.builder().build();
    return () -> source.current().map(S3Connection::aws).orElseGet(chain::resolveCredentials);
  }

  private static AwsCredentials aws(StoreCredentials credentials) {
    String id = credentials.accessKey().id();
    String secret = credentials.accessKey().secret().value();
    return credentials
        .sessionToken()
        .<AwsCredentials>map(token -> AwsSessionCredentials.create(id, secret, token.value()))
        .orElseGet(() -> AwsBasicCredentials.create(id, secret));
  }

  private static S3AuthSchemeProvider signedPayload() {
    S3AuthSchemeProvider usual = S3AuthSchemeProvider.defaultProvider();
    return parameters ->
        usual.resolveAuthScheme(parameters).stream()
            .map(option ->
                option.toBuilder()
                    .putSignerProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                    .build())
            .toList();
  }

  @Override
  public void close() {
    making.lock();
    try {
      if (client != null) {
        client.close();
      }
      if (http != null) {
        http.close();
      }
    } finally {
      making.unlock();
    }
  }
}
