package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.S3Failure.Kind;
import java.lang.System.Logger.Level;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Response;

/**
 * Sends requests to one bucket: in time, again where that may help, cancelled when the thread is
 * interrupted, and with every error as one of {@link ReplicaClient}'s.
 *
 * <p>The SDK's own retries are off. A refusal of the credentials is tried once more when the
 * credentials have changed meanwhile.
 */
final class S3Requests {
  private static final System.Logger LOG = System.getLogger(S3Requests.class.getName());

  /** Where a 404 is about the object; anywhere else it is about the bucket, or the upload. */
  private static final Set<String> MAY_BE_ABSENT =
      Set.of(
          "HeadObject",
          "GetObject",
          "CopyObject",
          "UploadPartCopy",
          "DeleteObject",
          "CompleteMultipartUpload",
          "AbortMultipartUpload");

  private final S3Connection connection;
  private final String bucket;
  private final RetryPolicy policy;
  private final RequestObserver observer;
  private final StoreClock clock = new StoreClock();

  S3Requests(S3Connection connection, String bucket, RetryPolicy policy, RequestObserver observer) {
    this.connection = connection;
    this.bucket = bucket;
    this.policy = policy;
    this.observer = observer;
  }

  /** The store's clock. */
  Instant storeTime() {
    return clock.now();
  }

  /** How long a request with a small body may take. */
  Duration usualTime() {
    return connection.endpoint().connectTimeout().plus(connection.endpoint().readTimeout());
  }

  /** How long a body of this size may take: at least 100 KB/s. */
  Duration timeFor(long bytes) {
    return usualTime().plus(Duration.ofMillis(bytes / 100));
  }

  RetryPolicy policy() {
    return policy;
  }

  String describe(String operation, String key) {
    return operation + " s3://" + bucket + "/" + key;
  }

  /** Sends a request with a small body. */
  <T> T send(String operation, String key, Function<S3Client, T> request) {
    return send(operation, key, usualTime(), 0, request);
  }

  /** Sends a request that only looks, without trying again. */
  <T> T look(String operation, String key, Function<S3Client, T> request) {
    return send(operation, key, usualTime(), 0, RetryPolicy.ONCE, request, () -> {});
  }

  <T> T send(
      String operation, String key, Duration time, long bytes, Function<S3Client, T> request) {
    return send(operation, key, time, bytes, policy, request, () -> {});
  }

  /**
   * Sends a request until it succeeds, fails for good, or has used up the {@link RetryPolicy}.
   *
   * @param time how long one attempt may take
   * @param bytes of the request's body, for the observer
   * @param afterBrokenConnection may know better why a connection broke, and throws it
   */
  <T> T send(
      String operation,
      String key,
      Duration time,
      long bytes,
      Function<S3Client, T> request,
      Runnable afterBrokenConnection) {
    return send(operation, key, time, bytes, policy, request, afterBrokenConnection);
  }

  private <T> T send(
      String operation,
      String key,
      Duration time,
      long bytes,
      RetryPolicy policy,
      Function<S3Client, T> request,
      Runnable afterBrokenConnection) {
    String what = describe(operation, key);
    long start = System.nanoTime();
    boolean mayRefresh = true;
    for (int attempt = 1; ; attempt++) {
      if (Thread.currentThread().isInterrupted()) {
        throw new TidewalException.Cancelled(what + ": interrupted");
      }
      Throwable thrown;
      try {
        return attempt(operation, time, bytes, request);
      } catch (TidewalException decided) {
        throw decided;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TidewalException.Cancelled(what + ": interrupted", e);
      } catch (ExecutionException | TimeoutException e) {
        thrown = e;
      }
      S3Failure failure = S3Failure.of(thrown);
      if (failure.kind() == Kind.NOT_FOUND && !MAY_BE_ABSENT.contains(operation)) {
        failure = failure.as(operation.equals("UploadPart") ? Kind.REFUSED : Kind.NO_BUCKET);
      }
      if (failure.kind() == Kind.DENIED && mayRefresh && connection.credentials().refresh()) {
        mayRefresh = false;
        LOG.log(Level.INFO, "{0}: {1}; trying the changed credentials", what, failure.reason());
        continue;
      }
      if (failure.code().equals("network")) {
        afterBrokenConnection.run();
      }
      Optional<Duration> delay =
          failure.kind() == Kind.TRANSIENT
              ? policy.delayAfter(
                  attempt,
                  Duration.ofNanos(System.nanoTime() - start),
                  failure.retryAfter(),
                  ThreadLocalRandom.current().nextDouble())
              : Optional.empty();
      if (delay.isEmpty()) {
        throw failure.toException(what, attempt, cause(thrown));
      }
      LOG.log(Level.DEBUG, "{0}: {1}; again in {2}", what, failure.reason(), delay.get());
      pause(what, delay.get());
    }
  }

  /** Waits between two attempts. */
  static void pause(String what, Duration delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TidewalException.Cancelled(what + ": interrupted", e);
    }
  }

  private <T> T attempt(String operation, Duration time, long bytes, Function<S3Client, T> request)
      throws InterruptedException, ExecutionException, TimeoutException {
    long start = System.nanoTime();
    String code = "error";
    long received = 0;
    try {
      T answer =
          Abandonable.run(
              "tidewal-s3-" + operation,
              time,
              () -> request.apply(connection.client()),
              S3Requests::discard);
      @Nullable SdkHttpResponse http = http(answer);
      code = http == null ? "ok" : Integer.toString(http.statusCode());
      received = answer instanceof ResponseInputStream<?> ? contentLength(http) : 0;
      heard(http);
      return answer;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TidewalException decided) {
        throw decided;
      }
      code = S3Failure.of(e).code();
      heard(http(e.getCause()));
      throw e;
    } catch (TimeoutException e) {
      code = "timeout";
      throw e;
    } catch (InterruptedException e) {
      code = "cancelled";
      throw e;
    } finally {
      observer.onRequest(
          operation, code, Duration.ofNanos(System.nanoTime() - start), bytes + received);
    }
  }

  private static Throwable cause(Throwable thrown) {
    return thrown instanceof ExecutionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
  }

  private static <T> void discard(T answer) {
    if (answer instanceof ResponseInputStream<?> body) {
      body.abort();
    }
  }

  private void heard(@Nullable SdkHttpResponse http) {
    if (http == null) {
      return;
    }
    http.firstMatchingHeader("Date").flatMap(S3Requests::date).ifPresent(clock::answered);
  }

  private static Optional<Instant> date(String header) {
    try {
      return Optional.of(
          ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException odd) {
      return Optional.empty();
    }
  }

  private static long contentLength(@Nullable SdkHttpResponse http) {
    return http == null
        ? 0
        : http.firstMatchingHeader("Content-Length")
            .filter(text -> text.matches("[0-9]{1,18}"))
            .map(Long::parseLong)
            .orElse(0L);
  }

  private static @Nullable SdkHttpResponse http(@Nullable Object answer) {
    return switch (answer) {
      case S3Response response -> response.sdkHttpResponse();
      case ResponseInputStream<?> body when body.response() instanceof S3Response response ->
          response.sdkHttpResponse();
      case AwsServiceException refused -> {
        @Nullable AwsErrorDetails details = refused.awsErrorDetails();
        yield details == null ? null : details.sdkHttpResponse();
      }
      case null, default -> null;
    };
  }
}
