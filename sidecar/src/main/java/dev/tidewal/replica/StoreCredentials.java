package dev.tidewal.replica;

import dev.tidewal.core.AccessKey;
import dev.tidewal.core.Secret;
import java.util.Optional;

/**
 * What a request to an S3 store is signed with.
 *
 * @param sessionToken of temporary credentials
 */
public record StoreCredentials(AccessKey accessKey, Optional<Secret> sessionToken) {
  public static StoreCredentials of(String id, String secret) {
    return new StoreCredentials(new AccessKey(id, new Secret(secret)), Optional.empty());
  }
}
