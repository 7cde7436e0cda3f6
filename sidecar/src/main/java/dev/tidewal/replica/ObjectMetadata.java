package dev.tidewal.replica;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Facts recorded beside an LTX object, never inside: S3 user metadata, extended attributes of a
 * file.
 *
 * <p>Objects that Litestream wrote carry only the timestamp.
 *
 * @param timestamp the LTX header's timestamp ({@code litestream-timestamp} on S3, mtime of a file)
 * @param owner owner id of the claim under which it was written
 * @param cluster cluster id
 * @param checksum rolling database checksum after the object's last TXID
 * @param frameChecksum both words of the WAL frame checksum at WALOffset + WALSize, first word high
 */
public record ObjectMetadata(
    Optional<Instant> timestamp,
    Optional<String> owner,
    Optional<String> cluster,
    OptionalLong checksum,
    OptionalLong frameChecksum) {
  public static final ObjectMetadata UNKNOWN =
      new ObjectMetadata(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  public static ObjectMetadata at(Instant timestamp) {
    return new ObjectMetadata(
        Optional.of(timestamp),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }
}
