package dev.tidewal.operator.position;

import dev.tidewal.operator.inject.Annotations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Asks the API server whose token it is; only ones for our audience and bound to a pod count.
 *
 * <p>Answers are kept for a minute, by the token's hash: those about pods apart from the others, so
 * that nobody's tokens push out those of pods. Few questions are asked at once. Safe for many
 * threads.
 */
final class TokenReviews {
  static final String AUDIENCE = "tidewal";
  private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
  private static final Duration KEPT = Duration.ofMinutes(1);
  private static final int MOST_PODS = 10_000;
  private static final int MOST_STRANGERS = 1_000;
  private static final int MOST_AT_ONCE = 8;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Answers pods = new Answers(MOST_PODS);
  private final Answers strangers = new Answers(MOST_STRANGERS);
  private final Semaphore turns = new Semaphore(MOST_AT_ONCE);

  /** What a token was found to be. */
  private record Answer(Optional<PodIdentity> identity, Instant until) {}

  /** The newest answers. */
  private static final class Answers {
    private final int most;
    private final Map<String, Answer> kept = new ConcurrentHashMap<>();
    private final Queue<String> oldestFirst = new ArrayDeque<>();

    Answers(int most) {
      this.most = most;
    }

    Optional<Answer> get(String key, Instant now) {
      return Optional.ofNullable(kept.get(key)).filter(answer -> now.isBefore(answer.until()));
    }

    synchronized void put(String key, Answer answer) {
      if (kept.put(key, answer) == null) {
        oldestFirst.add(key);
      }
      while (oldestFirst.size() > most) {
        kept.remove(oldestFirst.remove());
      }
    }
  }

  TokenReviews(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Whose it is; empty: nobody's that may report.
   *
   * @throws KubernetesClientException when that can't be found out now
   */
  Optional<PodIdentity> identify(String token) {
    String key = hash(token);
    Instant now = clock.instant();
    Optional<Answer> known = pods.get(key, now).or(() -> strangers.get(key, now));
    if (known.isPresent()) {
      return known.get().identity();
    }
    Optional<PodIdentity> identity = askInTurn(token);
    (identity.isPresent() ? pods : strangers).put(key, new Answer(identity, now.plus(KEPT)));
    return identity;
  }

  private Optional<PodIdentity> askInTurn(String token) {
    try {
      if (!turns.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new KubernetesClientException("too many tokens to review at once");
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("interrupted", closing);
    }
    try {
      return ask(token);
    } finally {
      turns.release();
    }
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
    List<String> names = status.getUser().getExtra().getOrDefault(POD_NAME, List.of());
    // system:serviceaccount:NAMESPACE:NAME
    String[] user = status.getUser().getUsername().split(":", -1);
    return names.size() == 1 && user.length == 4
        ? labelled(user[2], names.getFirst())
        : Optional.empty();
  }

  /** The token is bound to the pod, so that one of that name is the one that it is about. */
  private Optional<PodIdentity> labelled(String namespace, String name) {
    Pod pod = client.pods().inNamespace(namespace).withName(name).get();
    if (pod == null) {
      return Optional.empty();
    }
    String replication =
        Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of())
            .getOrDefault(Annotations.REPLICATION_LABEL, "");
    return Optional.of(new PodIdentity(namespace, name, replication));
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
