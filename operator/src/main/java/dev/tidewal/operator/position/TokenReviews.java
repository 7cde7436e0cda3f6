package dev.tidewal.operator.position;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the API server whose token it is; only ones for our audience and bound to a pod count.
 *
 * <p>Answers are kept for a minute, by the token's hash. Safe for many threads.
 */
final class TokenReviews {
  static final String AUDIENCE = "tidewal";
  private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
  private static final Duration KEPT = Duration.ofMinutes(1);
  private static final int MOST_KEPT = 10_000;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /** What a token was found to be. */
  private record Answer(Optional<PodIdentity> identity, Instant until) {}

  TokenReviews(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Whose it is; empty: nobody's that may report. */
  Optional<PodIdentity> identify(String token) {
    String key = hash(token);
    Instant now = clock.instant();
    Answer known = answers.get(key);
    if (known != null && now.isBefore(known.until())) {
      return known.identity();
    }
    if (answers.size() >= MOST_KEPT) {
      answers.values().removeIf(answer -> !now.isBefore(answer.until()));
    }
    Optional<PodIdentity> identity = ask(token);
    if (answers.size() < MOST_KEPT) {
      answers.put(key, new Answer(identity, now.plus(KEPT)));
    }
    return identity;
  }

  private Optional<PodIdentity> ask(String token) {
    TokenReview review =
        client
            .resource(
                new TokenReviewBuilder()
                    .withNewSpec()
                    .withToken(token)
                    .withAudiences(AUDIENCE)
                    .endSpec()
                    .build())
            .create();
    var status = review.getStatus();
    if (status == null
        || !Boolean.TRUE.equals(status.getAuthenticated())
        || status.getAudiences() == null
        || !status.getAudiences().contains(AUDIENCE)) {
      return Optional.empty();
    }
    List<String> pods = status.getUser().getExtra().getOrDefault(POD_NAME, List.of());
    // system:serviceaccount:NAMESPACE:NAME
    String[] user = status.getUser().getUsername().split(":", -1);
    return pods.size() == 1 && user.length == 4
        ? Optional.of(new PodIdentity(user[2], pods.getFirst()))
        : Optional.empty();
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
