package dev.tidewal.replica;

import dev.tidewal.core.ByteSize;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Opens replicas. Those of one process share the connections to a store, the memory for uploads and
 * the observer of requests. Safe for use by many threads.
 *
 * <p>Opening does no I/O: a store that is away is met by the first operation.
 */
public final class ReplicaClients implements AutoCloseable {
  /** Suffices for one snapshot and many commits at a time. */
  public static final ByteSize DEFAULT_BUFFERS = ByteSize.ofMebibytes(32);

  private final PartBuffers buffers;
  private final RetryPolicy policy;
  private final Function<String, RequestObserver> observers;
  private final Map<S3Connection.Key, S3Connection> connections = new HashMap<>();

  public ReplicaClients() {
    this(DEFAULT_BUFFERS, RetryPolicy.DEFAULT, RequestObserver.NONE);
  }

  /**
   * @param buffers memory in which objects wait for their upload, for all replicas together
   */
  public ReplicaClients(ByteSize buffers, RetryPolicy policy, RequestObserver observer) {
    this(buffers, policy, type -> observer);
  }

  /**
   * @param observers for each type of store, see {@link ReplicaSettings#type}
   */
  public ReplicaClients(
      ByteSize buffers, RetryPolicy policy, Function<String, RequestObserver> observers) {
    this.buffers = new PartBuffers(buffers);
    this.policy = policy;
    this.observers = observers;
  }

  /** A client of this replica; closing it leaves the shared parts alone. */
  public ReplicaClient open(ReplicaSettings settings) {
    RequestObserver observer = observers.apply(settings.type());
    return switch (settings) {
      case FileSettings file ->
          new MeteredReplicaClient(new FileReplicaClient(file.root()), observer);
      case S3Settings s3 ->
          new S3ReplicaClient(
              s3,
              connection(S3Connection.Key.of(s3)),
              buffers,
              policy,
              observer,
              S3Copies.LARGEST_SINGLE_COPY,
              () -> {});
    };
  }

  private synchronized S3Connection connection(S3Connection.Key key) {
    return connections.computeIfAbsent(key, S3Connection::new);
  }

  @Override
  public synchronized void close() {
    connections.values().forEach(S3Connection::close);
    connections.clear();
    buffers.close();
  }
}
