package dev.tidewal.replica;

/** Where a replica is and how it is reached; one record for each kind of store. */
public sealed interface ReplicaSettings permits FileSettings, S3Settings {
  /** "file", "s3", ... */
  String type();

  /** As a user would write it; no secrets. */
  String url();
}
