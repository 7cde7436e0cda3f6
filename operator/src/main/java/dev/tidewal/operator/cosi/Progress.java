package dev.tidewal.operator.cosi;

import com.fasterxml.jackson.databind.JsonNode;

/** How far COSI is with a claim or an access, from its status. */
sealed interface Progress {
  /**
   * Done.
   *
   * @param bucket name of the Bucket, as far as the object says it; else empty
   */
  record Done(String bucket) implements Progress {}

  /**
   * Not yet.
   *
   * @param message what COSI says stands against it; empty: nothing
   */
  record Pending(String message) implements Progress {}

  /** Of a BucketClaim. */
  static Progress ofClaim(CosiVersion version, JsonNode claim) {
    JsonNode status = claim.path("status");
    return switch (version) {
      case V1ALPHA1 -> {
        // A static claim may be ready without a name: its Bucket came later (upstream issue 285).
        String name = status.path("bucketName").asText();
        yield status.path("bucketReady").asBoolean() && !name.isEmpty()
            ? new Done(name)
            : new Pending("");
      }
      case V1ALPHA2 -> ofReadiness(status, status.path("boundBucketName").asText());
    };
  }

  /** Of a BucketAccess. */
  static Progress ofAccess(CosiVersion version, JsonNode access) {
    JsonNode status = access.path("status");
    return switch (version) {
      case V1ALPHA1 ->
          status.path("accessGranted").asBoolean() && !status.path("accountID").asText().isEmpty()
              ? new Done("")
              : new Pending("");
      case V1ALPHA2 -> ofReadiness(status, status.at("/accessedBuckets/0/bucketName").asText());
    };
  }

  /** By the field of today or the condition that is to replace it. */
  private static Progress ofReadiness(JsonNode status, String bucket) {
    boolean isReady = status.path("readyToUse").asBoolean();
    String message = status.at("/error/message").asText();
    for (JsonNode condition : status.path("conditions")) {
      String type = condition.path("type").asText();
      boolean isTrue = condition.path("status").asText().equals("True");
      isReady |= type.equals("Provisioned") && isTrue;
      if (type.equals("ProvisionFailed") && isTrue) {
        message = condition.path("message").asText();
      }
    }
    return isReady ? new Done(bucket) : new Pending(message);
  }
}
