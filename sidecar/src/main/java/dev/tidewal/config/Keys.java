package dev.tidewal.config;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.Secret;
import dev.tidewal.replica.S3Endpoint;
import dev.tidewal.replica.S3Storage.Encryption;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every key of tidewal.yml, declared once: the parser reads by these, unknown keys are found by
 * these, and docs/operations.md shows these. Long because it is that table.
 */
final class Keys {
  // Top level only.
  static final Key<List<YamlNode>> DATABASES =
      Key.optional("databases", ValueType.LIST_OF_MAPS, "required", "What to replicate.");
  static final Key<ListenAddress> ADDR =
      Key.withDefault(
          "addr",
          ListenAddress.TYPE,
          "127.0.0.1:9797",
          "Address of the HTTP server for metrics, health, status and sync; `:9797` is every"
              + " interface, `off` is none.");
  static final Key<Level> LOGGING_LEVEL =
      Key.withDefault(
          "logging.level",
          ValueType.choice(
              Map.of(
                  "trace", Level.TRACE,
                  "debug", Level.DEBUG,
                  "info", Level.INFO,
                  "warn", Level.WARNING,
                  "warning", Level.WARNING,
                  "error", Level.ERROR)),
          "info",
          "The least important message that is logged.");
  static final Key<LoggingConfig.Format> LOGGING_TYPE =
      Key.withDefault(
          "logging.type",
          ValueType.choice(
              Map.of("text", LoggingConfig.Format.TEXT, "json", LoggingConfig.Format.JSON)),
          "text",
          "Form of a log line.");
  static final Key<Boolean> LOGGING_STDERR =
      Key.withDefault(
          "logging.stderr", ValueType.FLAG, "false", "Log to standard error instead of output.");
  static final Key<ByteSize> SPOOL_LIMIT =
      Key.withDefault(
          "spool-limit",
          ValueType.SIZE,
          "1GiB",
          "Local disk that waiting changes of all databases together may take while a store does"
              + " not answer; 10 % of the disk always stay free.");
  static final Key<Duration> SHUTDOWN_TIMEOUT =
      Key.withDefault(
          "shutdown-timeout",
          ValueType.DURATION_OR_ZERO,
          "30s",
          "How long the last synchronisation at the end may take; 0 is one attempt.");
  static final Key<String> EXEC =
      Key.optional(
          "exec",
          ValueType.TEXT,
          "none",
          "Command to run beside replication, which ends when the command does.");

  // A database.
  static final Key<Path> PATH =
      Key.optional("path", ValueType.PATH, "this or `dir`", "Database file; it may appear later.");
  static final Key<Path> DIR =
      Key.optional(
          "dir",
          ValueType.PATH,
          "this or `path`",
          "Directory with databases; the path of each below it is added to its destinations.");
  static final Key<String> PATTERN =
      Key.optional(
          "pattern",
          ValueType.TEXT,
          "required with `dir`",
          "File names of databases in `dir`, such as `*.db`.");
  static final Key<Boolean> RECURSIVE =
      Key.withDefault(
          "recursive", ValueType.FLAG, "false", "Look for databases below `dir` at any depth.");
  static final Key<Boolean> WATCH =
      Key.withDefault(
          "watch", ValueType.FLAG, "true", "Take in databases that appear in `dir` later.");
  static final Key<List<YamlNode>> DESTINATIONS =
      Key.optional(
          "destinations",
          ValueType.LIST_OF_MAPS,
          "required",
          "Where to replicate to: URLs or maps. The first is the authority, the others follow it.");
  static final Key<Path> STATE_DIR =
      Key.optional(
          "state-dir",
          ValueType.PATH,
          "`.<name>-tidewal` beside the database",
          "Directory of the local state; with `dir`, the directory above those of all databases.");
  static final Key<Path> META_PATH =
      Key.optional(
          "meta-path",
          ValueType.PATH,
          "`.<name>-litestream` beside the database",
          "Directory where Litestream kept its state, to go on with its replica.");
  static final Key<Boolean> CONVERT =
      Key.withDefault(
              "convert",
              ValueType.FLAG,
              "true",
              "Convert a database in rollback mode to WAL mode; false refuses it.")
          .orFurtherOut();
  static final Key<Boolean> RESTORE_IF_MISSING =
      Key.withDefault(
              "restore-if-missing",
              ValueType.FLAG,
              "false",
              "Restore a database that does not exist before replicating it.")
          .orFurtherOut();
  static final Key<ByteSize> WAL_LIMIT =
      Key.withDefault(
              "wal-limit",
              ValueType.WAL_LIMIT,
              "256MiB",
              "How large a WAL may grow on our behalf before changes are spooled.")
          .orFurtherOut();
  static final Key<Duration> POLL_INTERVAL =
      Key.withDefault(
              "poll-interval",
              ValueType.DURATION,
              "1s",
              "How often to look for commits where the file system does not report them.")
          .orFurtherOut();
  static final Key<Duration> CHECKPOINT_IDLE =
      Key.withDefault(
              "checkpoint.idle",
              ValueType.DURATION,
              "1s",
              "Without commits for so long, a WAL that is replicated is checkpointed.")
          .orFurtherOut();
  static final Key<ByteSize> CHECKPOINT_SIZE =
      Key.withDefault(
              "checkpoint.size",
              ValueType.SIZE,
              "4MiB",
              "From this size a replicated WAL is checkpointed in the next pause between commits.")
          .orFurtherOut();
  static final Key<ByteSize> CHECKPOINT_FORCE_SIZE =
      Key.withDefault(
              "checkpoint.force-size",
              ValueType.SIZE,
              "16MiB",
              "From this size writers wait for it some milliseconds, where no pause comes.")
          .orFurtherOut();

  // A destination.
  static final Key<String> NAME =
      Key.optional("name", ValueType.TEXT, "the type", "Name in metrics and on the command line.");
  static final Key<String> URL =
      Key.optional(
          "url",
          ValueType.TEXT,
          "this or the parts",
          "`s3://BUCKET/PATH?endpoint=...`, `file:///PATH`.");
  static final Key<StoreType> TYPE =
      Key.optional("type", StoreType.TYPE, "from `url`, else `file`", "Kind of store.");
  static final Key<String> DESTINATION_PATH =
      Key.optional(
          "path", ValueType.TEXT, "the bucket's root", "Path in the bucket, or the directory.");

  /** The same key, where the destination is a directory. */
  static final Key<Path> DIRECTORY =
      Key.optional("path", ValueType.PATH, "", "See DESTINATION_PATH.");

  static final Key<List<Path>> BUCKET_INFO =
      Key.optional(
          "bucket-info",
          ValueType.listOf(ValueType.PATH),
          "none",
          "Mounted Secret of a COSI BucketAccess, directory or file; of several the newest that is"
              + " complete. Keys set here win over it.");
  static final Key<String> BUCKET =
      Key.optional("bucket", ValueType.TEXT, "from `url`", "Bucket.").orFurtherOut();
  static final Key<URI> ENDPOINT =
      Key.optional(
              "endpoint",
              ValueType.scalar("URL or host", S3Endpoint::parse),
              "AWS",
              "Address of an S3-compatible store; a bare host means https, a local one http.")
          .orFurtherOut();
  static final Key<String> REGION =
      Key.optional(
              "region",
              ValueType.TEXT,
              "looked up; us-east-1 with an endpoint",
              "Region of the bucket.")
          .orFurtherOut();
  static final Key<String> ACCESS_KEY_ID =
      Key.optional(
              "access-key-id",
              ValueType.TEXT,
              "AWS's default chain",
              "Access key; only together with `secret-access-key`.")
          .orFurtherOut();
  static final Key<Secret> SECRET_ACCESS_KEY =
      Key.optional(
              "secret-access-key", ValueType.SECRET, "AWS's default chain", "Secret of the key.")
          .orFurtherOut();
  static final Key<Secret> SESSION_TOKEN =
      Key.optional("session-token", ValueType.SECRET, "none", "Token of temporary keys.")
          .orFurtherOut();
  static final Key<Boolean> FORCE_PATH_STYLE =
      Key.optional(
              "force-path-style",
              ValueType.FLAG,
              "true with an endpoint that is not AWS's",
              "Put the bucket into the path instead of the host name.")
          .orFurtherOut();
  static final Key<Path> CA_BUNDLE =
      Key.optional(
              "ca-bundle",
              ValueType.PATH,
              "none",
              "Certificates (PEM) to trust besides those of the Java runtime.")
          .orFurtherOut()
          .orCalled("ca-file");
  static final Key<Boolean> SKIP_VERIFY =
      Key.withDefault(
              "skip-verify",
              ValueType.FLAG,
              "false",
              "Accept any certificate; only for tests, `ca-bundle` is the safe way.")
          .orFurtherOut();
  static final Key<Boolean> SIGN_PAYLOAD =
      Key.withDefault("sign-payload", ValueType.FLAG, "true", "Sign the bytes that are sent.")
          .orFurtherOut();
  static final Key<Boolean> CONTENT_MD5 =
      Key.withDefault(
              "require-content-md5",
              ValueType.FLAG,
              "true",
              "Send Content-MD5 where S3 once required it.")
          .orFurtherOut();
  static final Key<Duration> CONNECT_TIMEOUT =
      Key.withDefault("connect-timeout", ValueType.DURATION, "10s", "How long connecting may take.")
          .orFurtherOut();
  static final Key<Duration> READ_TIMEOUT =
      Key.withDefault(
              "read-timeout", ValueType.DURATION, "30s", "How long a store may stay silent.")
          .orFurtherOut();
  static final Key<String> STORAGE_CLASS =
      Key.optional("storage-class", ValueType.TEXT, "the bucket's", "Storage class of objects.")
          .orFurtherOut();
  static final Key<ByteSize> PART_SIZE =
      Key.withDefault(
              "part-size",
              ValueType.PART_SIZE,
              "5MiB",
              "Least size of an upload's parts; they grow where 10,000 would not suffice.")
          .orFurtherOut();
  static final Key<Integer> CONCURRENCY =
      Key.withDefault("concurrency", ValueType.PARTS, "3", "Parts of one upload in flight at once.")
          .orFurtherOut();
  static final Key<Encryption> SSE =
      Key.optional(
              "sse",
              ValueType.<Encryption>choice(
                  Map.of(
                      "aes256", new Encryption.Aes256(),
                      "aws:kms", new Encryption.Kms(Optional.empty()))),
              "the bucket's",
              "Encryption with keys that the store manages.")
          .orFurtherOut();
  static final Key<String> SSE_KMS_KEY_ID =
      Key.optional("sse-kms-key-id", ValueType.TEXT, "none", "Encrypt with this key of AWS KMS.")
          .orFurtherOut();
  static final Key<Encryption> SSE_CUSTOMER_KEY =
      Key.optional(
              "sse-customer-key",
              ValueType.CUSTOMER_KEY,
              "none",
              "Encrypt in the store with this key (SSE-C): 32 bytes in base64.")
          .orFurtherOut();
  static final Key<Encryption> SSE_CUSTOMER_KEY_PATH =
      Key.optional(
              "sse-customer-key-path",
              ValueType.CUSTOMER_KEY_FILE,
              "none",
              "File with the key of SSE-C.")
          .orFurtherOut();
  static final Key<Duration> SYNC_INTERVAL =
      Key.optional(
              "sync-interval",
              ValueType.DURATION,
              "1s; 100ms for files",
              "Sustained time between uploads; a lone commit does not wait for it.")
          .orFurtherOut();
  static final Key<Integer> SYNC_BURST =
      Key.withDefault(
              "sync-burst", ValueType.COUNT, "10", "Uploads that may come without that time.")
          .orFurtherOut();
  static final Key<ByteSize> BANDWIDTH_LIMIT =
      Key.optional(
              "bandwidth-limit",
              ValueType.RATE,
              "none",
              "Most bytes a second to and from the store.")
          .orFurtherOut();
  static final Key<Integer> REQUEST_LIMIT =
      Key.optional("request-limit", ValueType.COUNT, "none", "Most requests a second to the store.")
          .orFurtherOut();
  static final Key<List<Duration>> LEVELS =
      Key.withDefault(
              "levels",
              ValueType.commaListOf(ValueType.DURATION),
              "30s, 5m, 1h",
              "Steps of the compaction levels L1 up to L8, each longer than the one before.")
          .orFurtherOut();
  static final Key<Duration> L0_RETENTION =
      Key.withDefault(
              "l0-retention",
              ValueType.DURATION_OR_ZERO,
              "1h",
              "How long every single batch stays restorable; at least 2m, 0 is for ever.")
          .orFurtherOut();
  static final Key<Duration> SNAPSHOT_INTERVAL =
      Key.withDefault(
              "snapshot.interval", ValueType.DURATION, "24h", "Time between full snapshots.")
          .orFurtherOut();
  static final Key<Duration> SNAPSHOT_RETENTION =
      Key.withDefault(
              "snapshot.retention",
              ValueType.DURATION,
              "24h",
              "Window in which every step of L1 stays restorable.")
          .orFurtherOut();
  static final Key<Boolean> RETENTION_ENABLED =
      Key.withDefault(
              "retention.enabled",
              ValueType.FLAG,
              "true",
              "Delete what is older; false leaves that to the bucket (object lock, lifecycle).")
          .orFurtherOut();

  static final List<Key<?>> TOP =
      List.of(
          DATABASES,
          ADDR,
          LOGGING_LEVEL,
          LOGGING_TYPE,
          LOGGING_STDERR,
          SPOOL_LIMIT,
          SHUTDOWN_TIMEOUT,
          EXEC);
  static final List<Key<?>> DATABASE =
      List.of(
          PATH,
          DIR,
          PATTERN,
          RECURSIVE,
          WATCH,
          DESTINATIONS,
          STATE_DIR,
          META_PATH,
          CONVERT,
          RESTORE_IF_MISSING,
          WAL_LIMIT,
          POLL_INTERVAL,
          CHECKPOINT_IDLE,
          CHECKPOINT_SIZE,
          CHECKPOINT_FORCE_SIZE);
  static final List<Key<?>> DESTINATION =
      List.of(
          NAME,
          URL,
          TYPE,
          DESTINATION_PATH,
          BUCKET_INFO,
          BUCKET,
          ENDPOINT,
          REGION,
          ACCESS_KEY_ID,
          SECRET_ACCESS_KEY,
          SESSION_TOKEN,
          FORCE_PATH_STYLE,
          CA_BUNDLE,
          SKIP_VERIFY,
          SIGN_PAYLOAD,
          CONTENT_MD5,
          CONNECT_TIMEOUT,
          READ_TIMEOUT,
          STORAGE_CLASS,
          PART_SIZE,
          CONCURRENCY,
          SSE,
          SSE_KMS_KEY_ID,
          SSE_CUSTOMER_KEY,
          SSE_CUSTOMER_KEY_PATH,
          SYNC_INTERVAL,
          SYNC_BURST,
          BANDWIDTH_LIMIT,
          REQUEST_LIMIT,
          LEVELS,
          L0_RETENTION,
          SNAPSHOT_INTERVAL,
          SNAPSHOT_RETENTION,
          RETENTION_ENABLED);

  /** What has no meaning for a directory. */
  static final List<Key<?>> S3_ONLY =
      DESTINATION.subList(DESTINATION.indexOf(BUCKET), DESTINATION.indexOf(SYNC_INTERVAL));

  private Keys() {}
}
