package dev.tidewal.replica;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.Secret;
import java.util.Base64;
import java.util.Optional;

/**
 * How objects are kept in an S3 store, and how large ones get there.
 *
 * @param storageClass {@code STANDARD_IA}, ...; empty = the bucket's default
 * @param smallestPart of a multipart upload, at least 5 MiB; parts grow where 10,000 of them would
 *     not suffice
 * @param concurrentParts of one upload
 * @param contentMd5 send Content-MD5 where S3 once required it (deletes of many)
 */
public record S3Storage(
    Encryption encryption,
    Optional<String> storageClass,
    ByteSize smallestPart,
    int concurrentParts,
    boolean contentMd5) {
  public static final ByteSize SMALLEST_PART = ByteSize.ofMebibytes(5);
  public static final S3Storage DEFAULT =
      new S3Storage(new Encryption.Default(), Optional.empty(), SMALLEST_PART, 3, true);

  public S3Storage {
    if (smallestPart.compareTo(SMALLEST_PART) < 0) {
      throw new IllegalArgumentException("is less than 5MiB, the least that S3 takes");
    }
    if (concurrentParts < 1 || concurrentParts > 100) {
      throw new IllegalArgumentException("is not a number of uploads from 1 to 100");
    }
  }

  /** Encryption by the store. */
  public sealed interface Encryption {
    /** What the bucket does by itself. */
    record Default() implements Encryption {}

    /** With keys that the store manages. */
    record Aes256() implements Encryption {}

    /**
     * With AWS's key service.
     *
     * @param keyId id, ARN or alias; empty = the account's key for S3
     */
    record Kms(Optional<String> keyId) implements Encryption {}

    /**
     * With a key that only we have, sent with each request; the store forgets it.
     *
     * @param key 32 bytes in base64
     */
    record CustomerKey(Secret key) implements Encryption {
      public CustomerKey {
        boolean valid;
        try {
          valid = Base64.getDecoder().decode(key.value()).length == 32;
        } catch (IllegalArgumentException notBase64) {
          valid = false;
        }
        if (!valid) {
          throw new IllegalArgumentException("is not a key of 32 bytes in base64");
        }
      }
    }
  }

  public S3Storage withEncryption(Encryption changed) {
    return new S3Storage(changed, storageClass, smallestPart, concurrentParts, contentMd5);
  }

  public S3Storage withStorageClass(String changed) {
    return new S3Storage(
        encryption, Optional.of(changed), smallestPart, concurrentParts, contentMd5);
  }

  public S3Storage withSmallestPart(ByteSize changed) {
    return new S3Storage(encryption, storageClass, changed, concurrentParts, contentMd5);
  }

  public S3Storage withConcurrentParts(int changed) {
    return new S3Storage(encryption, storageClass, smallestPart, changed, contentMd5);
  }

  public S3Storage withContentMd5(boolean changed) {
    return new S3Storage(encryption, storageClass, smallestPart, concurrentParts, changed);
  }
}
