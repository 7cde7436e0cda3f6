package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewal.crds.CaSource;
import dev.tidewal.crds.CosiSpec;
import dev.tidewal.crds.DestinationSpec;
import dev.tidewal.crds.ReplicationSpec;
import dev.tidewal.crds.S3Spec;
import dev.tidewal.operator.sidecar.BucketSecrets;
import dev.tidewal.operator.sidecar.Layout;
import dev.tidewal.operator.sidecar.Layout.Slot;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Volumes for the injected containers, and where they are mounted.
 *
 * <p>Secrets are optional directory volumes: the pod starts before its bucket is there, and a
 * rotation reaches it without a restart. The configuration is not: without it nothing can be said
 * about the data, so the pod waits.
 */
final class Volumes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String PREFIX = "tidewal-";
  private static final long TOKEN_SECONDS = 3600;

  private final ArrayNode volumes = JSON.arrayNode();
  private final ArrayNode mounts = JSON.arrayNode();

  private final Map<String, String> accessSecrets;

  private Volumes(Map<String, String> accessSecrets) {
    this.accessSecrets = accessSecrets;
  }

  /**
   * All that a replication needs.
   *
   * @throws IllegalArgumentException when a BucketAccess is not there yet
   */
  static Volumes of(
      String replication,
      ReplicationSpec spec,
      Map<String, String> accessSecrets,
      boolean reportsPositions) {
    Volumes result = new Volumes(accessSecrets);
    ObjectNode configuration = result.mount("config", Layout.CONFIGURATION_DIRECTORY, true);
    configuration.putObject("configMap").put("name", Layout.configMap(replication));
    result.mount("tmp", Layout.TEMPORARY_DIRECTORY, false).putObject("emptyDir");
    for (DestinationSpec destination : spec.destinations()) {
      result.addDestination(replication, destination);
    }
    if (reportsPositions) {
      result.addToken();
    }
    return result;
  }

  ArrayNode volumes() {
    return volumes;
  }

  ArrayNode mounts() {
    return mounts;
  }

  private void addDestination(String replication, DestinationSpec destination) {
    String name = Layout.name(destination);
    S3Spec s3 = destination.s3();
    CosiSpec cosi = destination.cosi();
    if (s3 != null) {
      if (s3.credentials() != null) {
        addKeys(name, s3.credentials());
      }
      addAuthority(name, Optional.ofNullable(s3.ca()));
    } else if (cosi != null) {
      for (Slot slot : Slot.values()) {
        BucketSecrets.secret(replication, name, cosi, slot, accessSecrets)
            .ifPresent(secret ->
                mount(
                        "bucket-" + name + "-" + slot.letter(),
                        Layout.bucketDirectory(name, slot),
                        true)
                    .putObject("secret")
                    .put("secretName", secret)
                    .put("optional", true));
      }
      addAuthority(
          name, Optional.ofNullable(cosi.overrides()).flatMap(o -> Optional.ofNullable(o.ca())));
    }
  }

  /** Under the names by which the sidecar knows them. */
  private void addKeys(String destination, S3Spec.Credentials credentials) {
    ObjectNode secret =
        mount("bucket-" + destination + "-a", Layout.bucketDirectory(destination, Slot.A), true)
            .putObject("secret")
            .put("secretName", credentials.secretName())
            .put("optional", true);
    ArrayNode items = secret.putArray("items");
    addItem(items, credentials.accessKeyIdKey(), "AWS_ACCESS_KEY_ID");
    addItem(items, credentials.secretAccessKeyKey(), "AWS_SECRET_ACCESS_KEY");
    if (credentials.sessionTokenKey() != null) {
      addItem(items, credentials.sessionTokenKey(), "AWS_SESSION_TOKEN");
    }
  }

  private static void addItem(ArrayNode items, @Nullable String key, String path) {
    items.addObject().put("key", Objects.requireNonNullElse(key, path)).put("path", path);
  }

  private void addAuthority(String destination, Optional<CaSource> source) {
    if (source.isEmpty()) {
      return;
    }
    CaSource ca = source.get();
    ObjectNode volume = mount("ca-" + destination, Layout.authorityDirectory(destination), true);
    ObjectNode from =
        ca.configMapName() == null
            ? volume.putObject("secret").put("secretName", ca.secretName())
            : volume.putObject("configMap").put("name", ca.configMapName());
    from.put("optional", true);
    addItem(from.putArray("items"), ca.key(), "ca.crt");
  }

  /** Who we are, for the position service: a token for it alone, and the authority behind it. */
  private void addToken() {
    ObjectNode token = mount("token", Layout.TOKEN_DIRECTORY, true);
    token
        .putObject("projected")
        .putArray("sources")
        .addObject()
        .putObject("serviceAccountToken")
        .put("audience", "tidewal")
        .put("expirationSeconds", TOKEN_SECONDS)
        .put("path", "token");
    mount("operator-ca", Layout.AUTHORITY_DIRECTORY, true)
        .putObject("configMap")
        .put("name", Layout.AUTHORITY_MAP)
        .put("optional", true);
  }

  private ObjectNode mount(String name, String path, boolean isReadOnly) {
    ObjectNode mount = mounts.addObject().put("name", PREFIX + name).put("mountPath", path);
    if (isReadOnly) {
      mount.put("readOnly", true);
    }
    return volumes.addObject().put("name", PREFIX + name);
  }
}
