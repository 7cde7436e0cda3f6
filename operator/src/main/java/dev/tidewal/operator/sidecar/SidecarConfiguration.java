package dev.tidewal.operator.sidecar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tidewal.crds.CaSource;
import dev.tidewal.crds.DatabaseSpec;
import dev.tidewal.crds.DestinationSpec;
import dev.tidewal.crds.LimitsSpec;
import dev.tidewal.crds.ReplicationSpec;
import dev.tidewal.crds.RestoreSpec;
import dev.tidewal.crds.S3Connection;
import dev.tidewal.crds.S3Spec;
import dev.tidewal.crds.SnapshotSpec;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file of a replication's sidecars.
 *
 * <p>It holds no credentials: those are mounted beside it, see {@link Layout}.
 */
public final class SidecarConfiguration {
  private static final YAMLMapper YAML =
      new YAMLMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES));

  private static final Pattern DOLLAR = Pattern.compile("\\$(?!\\{" + Layout.POD_SEGMENT + "\\})");

  private final String namespace;
  private final String name;
  private final ReplicationSpec spec;

  private SidecarConfiguration(String namespace, String name, ReplicationSpec spec) {
    this.namespace = namespace;
    this.name = name;
    this.spec = spec;
  }

  /**
   * The text of {@code tidewal.yml}.
   *
   * @throws IllegalArgumentException with the cure, where a glob can't be followed
   */
  public static String yaml(String namespace, String name, ReplicationSpec spec) {
    ObjectNode root = new SidecarConfiguration(namespace, name, spec).root();
    try {
      return literal(YAML.writeValueAsString(root));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * With the dollar signs of values as escapes of YAML: the sidecar puts environment variables into
   * the text before it reads it as YAML, and knows no escape of its own there. All strings are
   * double-quoted, and keys have none. Only our own variable is meant as one.
   */
  private static String literal(String yaml) {
    return DOLLAR.matcher(yaml).replaceAll("\\\\x24");
  }

  /**
   * Destinations where all pods of a StatefulSet have the same replica, by their names: those whose
   * prefix is without {@code {pod}}.
   */
  public static List<String> sharedDestinations(ReplicationSpec spec) {
    return spec.destinations().stream()
        .filter(destination -> !Prefix.isOfPod(destination))
        .map(Layout::name)
        .toList();
  }

  /** What a pod does before its application starts, with the default where nothing is said. */
  public static RestoreSpec.Policy restorePolicy(ReplicationSpec spec) {
    RestoreSpec restore = spec.restore();
    return restore == null || restore.policy() == null
        ? RestoreSpec.Policy.IfMissing
        : restore.policy();
  }

  /**
   * Paths and globs of the databases, as they were written.
   *
   * @throws IllegalArgumentException with the cure, where a glob can't be followed
   */
  public static List<String> paths(ReplicationSpec spec) {
    return spec.databases().stream()
        .map(database -> database.glob() == null ? where(database) : checked(database.glob()))
        .toList();
  }

  private static String checked(String glob) {
    var _ = Glob.parse(glob);
    return glob;
  }

  private static String where(DatabaseSpec database) {
    return database.glob() == null
        ? Objects.requireNonNull(database.path(), "either is set, by the definition")
        : Glob.parse(database.glob()).directory();
  }

  private ObjectNode root() {
    ObjectNode root = YAML.createObjectNode();
    root.put("addr", ":" + Layout.PORT);
    root.putObject("logging").put("type", "json");
    LimitsSpec limits = spec.limits();
    if (limits != null) {
      put(root, "spool-limit", limits.spool());
      put(root, "wal-limit", limits.wal());
    }
    root.put("restore-if-missing", restorePolicy(spec) != RestoreSpec.Policy.Never);
    ArrayNode databases = root.putArray("databases");
    spec.databases().forEach(database -> addDatabase(databases.addObject(), database));
    return root;
  }

  private void addDatabase(ObjectNode json, DatabaseSpec database) {
    String where = where(database);
    if (database.glob() == null) {
      json.put("path", where);
    } else {
      Glob glob = Glob.parse(database.glob());
      json.put("dir", where);
      json.put("pattern", glob.pattern());
      json.put("recursive", glob.isRecursive());
    }
    if (Boolean.FALSE.equals(database.convert())) {
      json.put("convert", false);
    }
    ArrayNode destinations = json.putArray("destinations");
    for (DestinationSpec destination : spec.destinations()) {
      addDestination(destinations.addObject(), destination, database, where);
    }
  }

  private void addDestination(
      ObjectNode json, DestinationSpec destination, DatabaseSpec database, String where) {
    String destinationName = Layout.name(destination);
    String prefix = Prefix.of(destination, namespace, name, where);
    json.put("name", destinationName);
    if (destination.file() != null) {
      json.put("type", "file");
      json.put("path", destination.file().path() + "/" + prefix);
    } else {
      json.put("type", "s3");
      json.put("path", prefix);
      addBucket(json, destination, destinationName);
    }
    put(json, "sync-interval", database.syncInterval(), spec.syncInterval());
    addSnapshot(json, database.snapshot(), spec.snapshot());
    LimitsSpec limits = spec.limits();
    if (limits != null) {
      put(json, "bandwidth-limit", limits.bandwidth());
      if (limits.requests() != null) {
        json.put("request-limit", limits.requests());
      }
    }
  }

  private static void addBucket(ObjectNode json, DestinationSpec destination, String name) {
    S3Spec s3 = destination.s3();
    if (s3 != null) {
      if (s3.credentials() != null) {
        json.putArray("bucket-info").add(Layout.bucketDirectory(name, Layout.Slot.A));
      }
      addConnection(json, connection(s3), name);
    } else {
      ArrayNode slots = json.putArray("bucket-info");
      slots.add(Layout.bucketDirectory(name, Layout.Slot.A));
      slots.add(Layout.bucketDirectory(name, Layout.Slot.B));
      if (destination.cosi() != null && destination.cosi().overrides() != null) {
        addConnection(json, destination.cosi().overrides(), name);
      }
    }
  }

  private static S3Connection connection(S3Spec s3) {
    return new S3Connection(s3.bucket(), s3.endpoint(), s3.region(), s3.addressing(), s3.ca());
  }

  private static void addConnection(ObjectNode json, S3Connection connection, String name) {
    put(json, "bucket", connection.bucket());
    put(json, "endpoint", connection.endpoint());
    put(json, "region", connection.region());
    if (connection.addressing() != null) {
      json.put("force-path-style", connection.addressing() == S3Connection.Addressing.Path);
    }
    CaSource ca = connection.ca();
    if (ca != null) {
      json.put("ca-bundle", Layout.authorityDirectory(name) + "/ca.crt");
    }
  }

  private static void addSnapshot(
      ObjectNode json, @Nullable SnapshotSpec own, @Nullable SnapshotSpec common) {
    ObjectNode snapshot = YAML.createObjectNode();
    put(
        snapshot,
        "interval",
        own == null ? null : own.interval(),
        common == null ? null : common.interval());
    put(
        snapshot,
        "retention",
        own == null ? null : own.retention(),
        common == null ? null : common.retention());
    if (!snapshot.isEmpty()) {
      json.set("snapshot", snapshot);
    }
  }

  /** The first that is there. */
  private static void put(ObjectNode json, String key, @Nullable String... values) {
    for (String value : values) {
      if (value != null) {
        json.put(key, value);
        return;
      }
    }
  }
}
