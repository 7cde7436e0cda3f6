package dev.tidewal.replica;

import dev.tidewal.core.ByteSize;
import dev.tidewal.testing.StoreServer;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** The contract on a store behind S3, each test below a prefix of its own. */
abstract class S3Contract extends ReplicaClientContract {
  static final String BUCKET = "contract";
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  /** Few attempts, so that what must fail fails soon. */
  static final RetryPolicy POLICY =
      new RetryPolicy(4, Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(30));

  final ReplicaClients clients =
      new ReplicaClients(ByteSize.ofMebibytes(24), POLICY, RequestObserver.NONE);
  final String prefix = "team/db-" + PREFIXES.incrementAndGet();

  abstract URI endpoint();

  S3Settings settings() {
    return S3Settings.of(BUCKET, prefix)
        .withEndpoint(S3Endpoint.at(endpoint()))
        .withCredentials(
            CredentialsSource.fixed(
                StoreCredentials.of(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)));
  }

  @Override
  ReplicaClient openEmpty() {
    return clients.open(settings());
  }

  @AfterEach
  void closeClients() {
    clients.close();
  }

  @Override
  void putStranger(String relativeKey) {
    withS3(s3 ->
        s3.putObject(
            request -> request.bucket(BUCKET).key(prefix + "/" + relativeKey),
            RequestBody.fromString("not ours")));
  }

  @Override
  boolean strangerExists(String relativeKey) {
    boolean[] exists = new boolean[1];
    withS3(s3 -> {
      try {
        s3.headObject(request -> request.bucket(BUCKET).key(prefix + "/" + relativeKey));
        exists[0] = true;
      } catch (NoSuchKeyException absent) {
        exists[0] = false;
      }
    });
    return exists[0];
  }

  @Override
  String strangerInLevelZero() {
    return "0000/notes.txt";
  }

  void withS3(java.util.function.Consumer<S3Client> action) {
    try (S3Connection connection = new S3Connection(S3Connection.Key.of(settings()))) {
      action.accept(connection.client());
    }
  }

  static void createBucket(URI endpoint) {
    S3Settings settings =
        S3Settings.of(BUCKET, "")
            .withEndpoint(S3Endpoint.at(endpoint))
            .withCredentials(
                CredentialsSource.fixed(
                    StoreCredentials.of(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)));
    try (S3Connection connection = new S3Connection(S3Connection.Key.of(settings))) {
      connection.client().createBucket(request -> request.bucket(BUCKET));
    } catch (BucketAlreadyOwnedByYouException present) {
      // Another class of this run made it.
    }
  }
}
