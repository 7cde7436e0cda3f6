package dev.tidewal.operator.inject;

/** What pods carry: the first four are written by people, the last by us. */
public final class Annotations {
  /** Name of the SqliteReplication in the pod's namespace. */
  public static final String INJECT = "tidewal.dev/inject";

  /** Container that uses the database, where several mount its volume. */
  public static final String CONTAINER = "tidewal.dev/container";

  /** User ID of the application, which its image keeps to itself. */
  public static final String UID = "tidewal.dev/uid";

  /**
   * The one database of the replication that this pod has, where it does not have all of them: its
   * path, or the text of its glob.
   */
  public static final String DATABASE = "tidewal.dev/database";

  /** Set on a pod that has the sidecar, with the version of what was injected. */
  public static final String INJECTED = "tidewal.dev/injected";

  /** Label of a pod that has the sidecar: the replication's name, so that its pods can be found. */
  public static final String REPLICATION_LABEL = "tidewal.dev/replication";

  private Annotations() {}
}
