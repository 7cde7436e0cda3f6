package dev.tidewal.config;

import dev.tidewal.config.LitestreamKey.NotNeeded;
import dev.tidewal.config.LitestreamKey.Refused;
import dev.tidewal.config.LitestreamKey.Renamed;
import dev.tidewal.config.LitestreamKey.Same;
import dev.tidewal.config.LitestreamKey.Unsupported;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every key of litestream.yml, of 0.3 up to 0.3.14 and of 0.5 up to 0.5.18, from the structs in its
 * cmd/litestream/main.go and checked against the YAML tags in the binaries. The translation reads
 * these, docs/operations.md shows these.
 */
final class LitestreamKeys {
  private static final String OTHER_STORE = "it belongs to a kind of store that is not used here";
  private static final String CHECKPOINTS =
      "the WAL is checkpointed in pauses; tidewal.yml has checkpoint.idle, .size and .force-size";
  private static final String HEARTBEAT =
      "no heartbeat is sent; watch tidewal's metrics, /readyz or /status";

  /** Settings of a replica, which Litestream 0.5 also takes at the top level as defaults. */
  private static final List<LitestreamKey> REPLICA_SETTINGS =
      List.of(
          new Same("sync-interval"),
          new Unsupported("validation-interval", "run 'tidewal verify' from a timer"),
          new NotNeeded("auto-recover", "a gap is closed by sending only pages that differ"),
          new NotNeeded("max-sync-ltx-files", "waiting changes are merged into one object"),
          new Same("access-key-id"),
          new Same("secret-access-key"),
          new Same("region"),
          new Same("bucket"),
          new Same("endpoint"),
          new Same("force-path-style"),
          new Same("sign-payload"),
          new Same("require-content-md5"),
          new NotNeeded("put-object-content-md5", "the payload's signed SHA-256 protects it"),
          new NotNeeded("sign-accept-encoding", "that header is never signed"),
          new Same("skip-verify"),
          new Same("storage-class"),
          new Same("part-size"),
          new Same("concurrency"),
          new NotNeeded("sse-customer-algorithm", "AES256 is the only one"),
          new Same("sse-customer-key"),
          new Same("sse-customer-key-path"),
          new Same("sse-kms-key-id"),
          new NotNeeded("account-name", OTHER_STORE),
          new NotNeeded("account-key", OTHER_STORE),
          new NotNeeded("sas-token", OTHER_STORE),
          new NotNeeded("host", OTHER_STORE),
          new NotNeeded("user", OTHER_STORE),
          new NotNeeded("password", OTHER_STORE),
          new NotNeeded("key-path", OTHER_STORE),
          new NotNeeded("host-key", OTHER_STORE),
          new NotNeeded("concurrent-writes", OTHER_STORE),
          new NotNeeded("webdav-url", OTHER_STORE),
          new NotNeeded("webdav-username", OTHER_STORE),
          new NotNeeded("webdav-password", OTHER_STORE),
          new NotNeeded("jwt", OTHER_STORE),
          new NotNeeded("seed", OTHER_STORE),
          new NotNeeded("creds", OTHER_STORE),
          new NotNeeded("nkey", OTHER_STORE),
          new NotNeeded("username", OTHER_STORE),
          new NotNeeded("token", OTHER_STORE),
          new NotNeeded("tls", OTHER_STORE),
          new NotNeeded("root-cas", OTHER_STORE),
          new NotNeeded("client-cert", OTHER_STORE),
          new NotNeeded("client-key", OTHER_STORE),
          new NotNeeded("max-reconnects", OTHER_STORE),
          new NotNeeded("reconnect-wait", OTHER_STORE),
          new NotNeeded("timeout", OTHER_STORE),
          new Refused(
              "age",
              "without it the replica would hold plain text; take the key out, or encrypt in the"
                  + " store with sse-customer-key or sse-kms-key-id"));

  static final List<LitestreamKey> REPLICA =
      Stream.concat(
              REPLICA_SETTINGS.stream(),
              Stream.of(
                  new Same("type"),
                  new Same("name"),
                  new Same("path"),
                  new Same("url"),
                  new Same("bucket-info"),
                  new Renamed("retention", "snapshot.retention"),
                  new Renamed("snapshot-interval", "snapshot.interval"),
                  new NotNeeded("retention-check-interval", "retention runs when it has work")))
          .toList();

  static final List<LitestreamKey> DATABASE =
      List.of(
          new Same("path"),
          new Same("dir"),
          new Same("pattern"),
          new Same("recursive"),
          new Same("watch"),
          new Same("meta-path"),
          new Renamed("meta-dir", "meta-path"),
          new Renamed("monitor-interval", "poll-interval"),
          new Renamed("monitor-delay-interval", "poll-interval"),
          new NotNeeded("checkpoint-interval", CHECKPOINTS),
          new NotNeeded("busy-timeout", "locks are tried for in short steps"),
          new NotNeeded("min-checkpoint-page-count", CHECKPOINTS),
          new NotNeeded("max-checkpoint-page-count", CHECKPOINTS),
          new NotNeeded("truncate-page-n", CHECKPOINTS),
          new NotNeeded("max-sync-wal-bytes", "memory does not depend on the WAL's size"),
          new NotNeeded("shadow-retention-count", "there is no shadow WAL"),
          new Renamed("restore-if-db-not-exists", "restore-if-missing"),
          new Same("snapshot"),
          new Unsupported("heartbeat-url", HEARTBEAT),
          new Unsupported("heartbeat-interval", HEARTBEAT),
          new Renamed("replica", "destinations"),
          new Renamed("replicas", "destinations"));

  static final List<LitestreamKey> TOP =
      Stream.concat(
              REPLICA_SETTINGS.stream(),
              Stream.of(
                  new Renamed("dbs", "databases"),
                  new Same("addr"),
                  new Unsupported(
                      "socket", "there is no control socket; status and sync are served at 'addr'"),
                  new Same("levels"),
                  new Same("snapshot"),
                  new Unsupported("validation", "run 'tidewal verify' from a timer"),
                  new Same("l0-retention"),
                  new NotNeeded("l0-retention-check-interval", "retention runs when it has work"),
                  new NotNeeded("verify-compaction", "every compaction is verified"),
                  new Same("retention"),
                  new Unsupported("heartbeat-url", HEARTBEAT),
                  new Unsupported("heartbeat-interval", HEARTBEAT),
                  new Same("exec"),
                  new Same("logging"),
                  new Unsupported("mcp-addr", "there is no MCP server"),
                  new Same("shutdown-timeout"),
                  new Renamed("shutdown-sync-timeout", "shutdown-timeout"),
                  new NotNeeded("shutdown-sync-interval", "retries back off by themselves")))
          .toList();

  static final List<LitestreamKey> LOGGING =
      List.of(
          new Same("level"),
          new Same("type"),
          new Same("stderr"),
          new Unsupported("source", "log lines carry the logger's name"));

  static final List<LitestreamKey> SNAPSHOT = List.of(new Same("interval"), new Same("retention"));
  static final List<LitestreamKey> RETENTION = List.of(new Same("enabled"));

  private LitestreamKeys() {}

  static Optional<LitestreamKey> find(List<LitestreamKey> keys, String name) {
    return keys.stream().filter(key -> key.name().equals(name)).findFirst();
  }

  /** The name in tidewal.yml of a key that Litestream calls otherwise. */
  static Optional<String> nameHere(String name) {
    return Stream.of(TOP, DATABASE, REPLICA)
        .flatMap(List::stream)
        .filter(key -> key instanceof Renamed && key.name().equals(name))
        .map(key -> ((Renamed) key).here())
        .findFirst();
  }
}
