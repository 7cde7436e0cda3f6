package dev.tidewal.replica;

import java.util.Optional;

/** Credentials that don't change; empty = the default chain, which refreshes by itself. */
record FixedCredentials(Optional<StoreCredentials> current) implements CredentialsSource {
  static final FixedCredentials CHAIN = new FixedCredentials(Optional.empty());

  @Override
  public boolean refresh() {
    return false;
  }
}
