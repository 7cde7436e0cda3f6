package dev.tidewal.replica;

import dev.tidewal.replica.S3Storage.Encryption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/**
 * Encryption and storage class as request headers. The SDK's request builders have no common type
 * for them, headers are the same everywhere.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html">S3
 *     server-side encryption</a>
 */
final class S3Protection {
  /** PutObject, CreateMultipartUpload. */
  final AwsRequestOverrideConfiguration create;

  /** Whatever touches the bytes of an object that exists or is begun. */
  final AwsRequestOverrideConfiguration access;

  /** CopyObject. */
  final AwsRequestOverrideConfiguration copy;

  /** UploadPartCopy. */
  final AwsRequestOverrideConfiguration copyPart;

  S3Protection(S3Storage storage) {
    Map<String, String> access = new LinkedHashMap<>();
    Map<String, String> source = new LinkedHashMap<>();
    Map<String, String> managed = new LinkedHashMap<>();
    storage.storageClass().ifPresent(name -> managed.put("x-amz-storage-class", name));
    switch (storage.encryption()) {
      case Encryption.Default() -> {}
      case Encryption.Aes256() -> managed.put("x-amz-server-side-encryption", "AES256");
      case Encryption.Kms kms -> {
        managed.put("x-amz-server-side-encryption", "aws:kms");
        kms.keyId().ifPresent(id -> managed.put("x-amz-server-side-encryption-aws-kms-key-id", id));
      }
      case Encryption.CustomerKey customer -> {
        putKey(access, "x-amz-server-side-encryption-customer-", customer);
        putKey(source, "x-amz-copy-source-server-side-encryption-customer-", customer);
      }
    }
    this.create = headers(managed, access);
    this.access = headers(access);
    this.copy = headers(managed, access, source);
    this.copyPart = headers(access, source);
  }

  private static void putKey(
      Map<String, String> headers, String prefix, Encryption.CustomerKey customer) {
    headers.put(prefix + "algorithm", "AES256");
    headers.put(prefix + "key", customer.key().value());
    headers.put(prefix + "key-MD5", md5(Base64.getDecoder().decode(customer.key().value())));
  }

  @SafeVarargs
  private static AwsRequestOverrideConfiguration headers(Map<String, String>... parts) {
    AwsRequestOverrideConfiguration.Builder builder = AwsRequestOverrideConfiguration.builder();
    for (Map<String, String> part : parts) {
      part.forEach(builder::putHeader);
    }
    return builder.build();
  }

  /** S3 wants the key's MD5 beside it, as a check of the transport. */
  private static String md5(byte[] key) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
