package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * What became of a request that failed, in the classes of {@link ReplicaClient}.
 *
 * @param kind what the caller may do about it
 * @param code for counting: HTTP status, {@code timeout}, {@code network}
 * @param reason for people, one line
 * @param retryAfter how long the store asked to be left alone
 */
record S3Failure(Kind kind, String code, String reason, Duration retryAfter) {
  enum Kind {
    /** May work when sent again. */
    TRANSIENT,
    /** Credentials or rights. */
    DENIED,
    NOT_FOUND,
    NO_BUCKET,
    PRECONDITION,
    /** The object is shorter than the range that was asked for. */
    BEYOND_END,
    CANCELLED,
    /** Anything else that will not get better by itself. */
    REFUSED
  }

  private static final String NO_CREDENTIALS = "no credentials found";
  private static final Set<Integer> TRANSIENT_STATUS = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final Set<String> TRANSIENT_CODES =
      Set.of(
          "SlowDown",
          "RequestCanceled",
          "RequestTimeout",
          "RequestLimitExceeded",
          "Throttling",
          "ThrottlingException",
          "TooManyRequests",
          "BandwidthLimitExceeded",
          "ServiceUnavailable",
          "InternalError",
          "OperationAborted",
          "ConditionalRequestConflict",
          // Damaged on the way: the store compared a checksum of ours.
          "BadDigest",
          "XAmzContentSHA256Mismatch",
          "IncompleteBody",
          // The SDK has set its clock by this answer.
          "RequestTimeTooSkewed");
  private static final Set<String> DENIED_CODES =
      Set.of(
          "AccessDenied",
          "AllAccessDisabled",
          "AccountProblem",
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "ExpiredToken",
          "InvalidToken",
          "TokenRefreshRequired",
          "InvalidSecurity",
          "UnauthorizedAccess");

  static S3Failure of(Throwable thrown) {
    Throwable cause =
        thrown instanceof ExecutionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return switch (cause) {
      case InterruptedException e -> simple(Kind.CANCELLED, "cancelled", "interrupted");
      case TimeoutException e -> simple(Kind.TRANSIENT, "timeout", "no answer in time");
      case AwsServiceException e -> ofAnswer(e);
      case S3BatchFailure e -> ofCode(200, e.code(), e.getMessage(), Duration.ZERO);
      case SdkException e -> ofClient(e);
      case IOException e -> ofNetwork(e);
      default -> simple(Kind.REFUSED, "error", cause.toString());
    };
  }

  private static S3Failure ofAnswer(AwsServiceException e) {
    @Nullable AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    String message =
        details == null || details.errorMessage() == null ? "" : details.errorMessage();
    Optional<SdkHttpResponse> response =
        Optional.ofNullable(details).map(AwsErrorDetails::sdkHttpResponse);
    Duration asked =
        response
            .flatMap(r -> r.firstMatchingHeader("Retry-After"))
            .map(S3Failure::seconds)
            .orElse(Duration.ZERO);
    return ofCode(e.statusCode(), code, message, asked);
  }

  private static S3Failure ofCode(int status, String code, String message, Duration asked) {
    String reason = (status + " " + code).strip() + (message.isBlank() ? "" : ": " + message);
    return new S3Failure(kind(status, code), Integer.toString(status), oneLine(reason), asked);
  }

  private static Kind kind(int status, String code) {
    if (TRANSIENT_CODES.contains(code)) {
      return Kind.TRANSIENT;
    }
    if (DENIED_CODES.contains(code)) {
      return Kind.DENIED;
    }
    if (code.equals("NoSuchBucket")) {
      return Kind.NO_BUCKET;
    }
    if (code.equals("PreconditionFailed")) {
      return Kind.PRECONDITION;
    }
    if (TRANSIENT_STATUS.contains(status)) {
      return Kind.TRANSIENT;
    }
    return switch (status) {
      case 401, 403 -> Kind.DENIED;
      case 404 -> Kind.NOT_FOUND;
      case 412 -> Kind.PRECONDITION;
      case 416 -> Kind.BEYOND_END;
      default -> Kind.REFUSED;
    };
  }

  private static S3Failure ofClient(SdkException e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof IOException network) {
        return ofNetwork(network);
      }
    }
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    if (message.contains("Unable to load credentials")) {
      // The SDK's message is a page long; it stays in the cause.
      return simple(Kind.DENIED, "error", NO_CREDENTIALS);
    }
    // A checksum of an answer that did not fit, an answer that is no XML: may be damage on the way.
    return simple(
        e instanceof SdkClientException ? Kind.TRANSIENT : Kind.REFUSED, "error", message);
  }

  private static S3Failure ofNetwork(IOException e) {
    String reason = e.getMessage() == null ? e.toString() : e.getMessage();
    return switch (e) {
      // HttpURLConnection can't show the answer of a 401 to a streamed body.
      case HttpRetryException refused when refused.responseCode() == 401 ->
          simple(Kind.DENIED, "401", "401 Unauthorized");
      case UnknownHostException unknown ->
          simple(Kind.TRANSIENT, "network", "unknown host " + reason);
      case SocketTimeoutException late -> simple(Kind.TRANSIENT, "timeout", reason);
      case ConnectException refused -> simple(Kind.TRANSIENT, "network", reason);
      case SSLException tls when isUntrusted(tls) ->
          simple(
              Kind.REFUSED,
              "network",
              "its certificate is not trusted (" + reason + "); name its authority by ca-bundle");
      default -> simple(Kind.TRANSIENT, "network", reason);
    };
  }

  private static boolean isUntrusted(Throwable tls) {
    for (Throwable at = tls; at != null; at = at.getCause()) {
      if (at instanceof java.security.cert.CertificateException
          || at instanceof java.security.cert.CertPathBuilderException) {
        return true;
      }
    }
    return false;
  }

  private static S3Failure simple(Kind kind, String code, String reason) {
    return new S3Failure(kind, code, oneLine(reason), Duration.ZERO);
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }

  private static Duration seconds(String retryAfter) {
    return retryAfter.matches("[0-9]{1,4}")
        ? Duration.ofSeconds(Long.parseLong(retryAfter))
        : Duration.ZERO;
  }

  S3Failure as(Kind other) {
    return new S3Failure(other, code, reason, retryAfter);
  }

  /** The error to throw: {@code what} names operation and object. */
  TidewalException toException(String what, int attempts, Throwable cause) {
    String message =
        what + ": " + reason + " (" + attempts + (attempts == 1 ? " attempt)" : " attempts)");
    if (reason.contains("RequestTimeTooSkewed")) {
      return new TidewalException.PermissionDenied(
          message + "; this machine's clock differs too much from the store's, set it", cause);
    }
    return switch (kind) {
      case TRANSIENT, REFUSED -> new TidewalException.StoreUnreachable(message, cause);
      case NO_BUCKET ->
          new TidewalException.StoreUnreachable(
              message + "; create the bucket, or correct its name", cause);
      case DENIED -> new TidewalException.PermissionDenied(message + deniedCure(), cause);
      case NOT_FOUND -> new TidewalException.NotFound(message, cause);
      case PRECONDITION -> new TidewalException.PreconditionFailed(message, cause);
      case BEYOND_END ->
          new TidewalException.Corrupt(message + "; the object is shorter than recorded", cause);
      case CANCELLED -> new TidewalException.Cancelled(message, cause);
    };
  }

  private String deniedCure() {
    if (reason.equals(NO_CREDENTIALS)) {
      return "; set access-key-id and secret-access-key in the configuration, AWS_ACCESS_KEY_ID and"
          + " AWS_SECRET_ACCESS_KEY in the environment, or another source of AWS's chain";
    }
    if (reason.contains("SignatureDoesNotMatch") || reason.contains("InvalidAccessKeyId")) {
      return "; check access key and secret";
    }
    if (reason.contains("Token")) {
      return "; the session token is no longer valid, renew the credentials";
    }
    return "; the credentials lack the right for it";
  }
}
