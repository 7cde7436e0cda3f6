package dev.tidewal.replica;

import java.time.Instant;
import java.util.Optional;

/**
 * What every decorator passes on as it is: what asks the store nothing. Each request is for the
 * decorator to spell out, so that none is forgotten.
 */
abstract class DecoratedReplicaClient implements ReplicaClient {
  final ReplicaClient delegate;

  DecoratedReplicaClient(ReplicaClient delegate) {
    this.delegate = delegate;
  }

  @Override
  public final String type() {
    return delegate.type();
  }

  @Override
  public final String url() {
    return delegate.url();
  }

  @Override
  public final Optional<ObjectBrowser> browser() {
    return delegate.browser();
  }

  @Override
  public final Instant storeTime() {
    return delegate.storeTime();
  }

  @Override
  public final void close() {
    delegate.close();
  }
}
