package dev.tidewal.operator.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewal.operator.inject.Injection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * A question of the API server (admission.k8s.io/v1), and the form of its answer.
 *
 * @param uid repeated in the answer
 * @param namespace of the pod
 * @param pod as it was sent
 */
record AdmissionReview(String uid, String namespace, JsonNode pod) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API_VERSION = "admission.k8s.io/v1";
  private static final int WARNING_CHARS = 256;
  private static final int UNPROCESSABLE = 422;

  /**
   * Reads a request.
   *
   * @throws IOException when it is no review of a pod
   */
  static AdmissionReview parse(byte[] body) throws IOException {
    JsonNode review = JSON.readTree(body);
    JsonNode request = review.path("request");
    if (!review.path("apiVersion").asText().equals(API_VERSION)
        || !request.path("uid").isTextual()
        || !request.path("object").path("spec").isObject()) {
      throw new IOException("not an AdmissionReview of " + API_VERSION + " with a pod");
    }
    return new AdmissionReview(
        request.path("uid").asText(), request.path("namespace").asText(), request.path("object"));
  }

  byte[] answer(Injection injection) throws JsonProcessingException {
    ObjectNode review = JSON.createObjectNode();
    review.put("apiVersion", API_VERSION).put("kind", "AdmissionReview");
    ObjectNode response = review.putObject("response").put("uid", uid);
    switch (injection) {
      case Injection.Unchanged _ -> response.put("allowed", true);
      case Injection.Patched(var patch, List<String> warnings) -> {
        response.put("allowed", true);
        response.put("patchType", "JSONPatch");
        response.put(
            "patch",
            Base64.getEncoder().encodeToString(patch.toString().getBytes(StandardCharsets.UTF_8)));
        if (!warnings.isEmpty()) {
          var list = response.putArray("warnings");
          warnings.stream().map(AdmissionReview::shortened).forEach(list::add);
        }
      }
      case Injection.Refused(String message) -> {
        response.put("allowed", false);
        response
            .putObject("status")
            .put("code", UNPROCESSABLE)
            .put("reason", "Invalid")
            .put("message", "tidewal: " + message);
      }
    }
    return JSON.writeValueAsBytes(review);
  }

  /** The API server cuts longer ones off in the middle of a word. */
  private static String shortened(String warning) {
    String text = "tidewal: " + warning;
    return text.length() <= WARNING_CHARS ? text : text.substring(0, WARNING_CHARS - 3) + "...";
  }
}
