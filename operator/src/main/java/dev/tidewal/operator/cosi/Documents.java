package dev.tidewal.operator.cosi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Claims and accesses as documents of either version. */
final class Documents {
  static final String CLAIM = "BucketClaim";
  static final String ACCESS = "BucketAccess";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String S3 = "S3";

  private Documents() {}

  /** A claim of a class. Without an owner, so that nothing ever collects it. */
  static ObjectNode claim(
      CosiVersion version,
      String namespace,
      String name,
      String bucketClass,
      Map<String, String> labels) {
    ObjectNode claim = resource(version, CLAIM, namespace, name, labels);
    ObjectNode spec = claim.putObject("spec").put("bucketClassName", bucketClass);
    spec.putArray("protocols").add(S3);
    return claim;
  }

  /**
   * An access to a claim, with its keys in a Secret of the same name.
   *
   * @param hasAccessModes whether the installed definition has {@code accessModes}, which replaces
   *     {@code accessMode} in later states of v1alpha2
   */
  static ObjectNode access(
      CosiVersion version,
      String namespace,
      String name,
      String claim,
      String accessClass,
      boolean hasAccessModes,
      Map<String, String> labels) {
    ObjectNode access = resource(version, ACCESS, namespace, name, labels);
    ObjectNode spec = access.putObject("spec").put("bucketAccessClassName", accessClass);
    spec.put("protocol", S3);
    switch (version) {
      case V1ALPHA1 -> spec.put("bucketClaimName", claim).put("credentialsSecretName", name);
      case V1ALPHA2 -> {
        ArrayNode claims = spec.putArray("bucketClaims");
        ObjectNode entry =
            claims.addObject().put("bucketClaimName", claim).put("accessSecretName", name);
        if (hasAccessModes) {
          entry
              .putObject("accessModes")
              .put("objectData", "ReadWrite")
              .put("objectMetadata", "ReadWrite")
              .put("bucketMetadata", "ReadOnly");
        } else {
          entry.put("accessMode", "ReadWrite");
        }
      }
    }
    return access;
  }

  /** The Secret that an access names; empty where it names none. */
  static String secret(CosiVersion version, JsonNode access) {
    return switch (version) {
      case V1ALPHA1 -> access.at("/spec/credentialsSecretName").asText();
      case V1ALPHA2 -> access.at("/spec/bucketClaims/0/accessSecretName").asText();
    };
  }

  private static ObjectNode resource(
      CosiVersion version, String kind, String namespace, String name, Map<String, String> labels) {
    ObjectNode resource = JSON.createObjectNode();
    resource.put("apiVersion", CosiVersion.GROUP + "/" + version.text()).put("kind", kind);
    ObjectNode metadata = resource.putObject("metadata");
    metadata.put("namespace", namespace).put("name", name);
    ObjectNode written = metadata.putObject("labels");
    labels.forEach(written::put);
    return resource;
  }
}
