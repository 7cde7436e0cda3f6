package dev.tidewal.replica;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * {@link ObjectMetadata} as names and texts, the same in every store.
 *
 * <p>Reading takes names in any case (rclone capitalises them) and ignores what it can't read: the
 * objects of a Litestream carry only {@code litestream-timestamp}, in RFC 3339 with nanoseconds.
 */
final class MetadataText {
  private static final String TIMESTAMP = "litestream-timestamp";
  private static final String OWNER = "tidewal-owner";
  private static final String CLUSTER = "tidewal-cluster";
  private static final String CHECKSUM = "tidewal-checksum";
  private static final String FRAME_CHECKSUM = "tidewal-frame-checksum";

  private MetadataText() {}

  static Map<String, String> of(ObjectMetadata metadata) {
    Map<String, String> texts = withoutTimestamp(metadata);
    metadata.timestamp().ifPresent(time -> texts.put(TIMESTAMP, time.toString()));
    return texts;
  }

  /** For stores that keep the timestamp as a time; its text costs more than all the others. */
  static Map<String, String> withoutTimestamp(ObjectMetadata metadata) {
    Map<String, String> texts = new LinkedHashMap<>();
    metadata.owner().ifPresent(owner -> texts.put(OWNER, owner));
    metadata.cluster().ifPresent(cluster -> texts.put(CLUSTER, cluster));
    metadata.checksum().ifPresent(value -> texts.put(CHECKSUM, hex(value)));
    metadata.frameChecksum().ifPresent(value -> texts.put(FRAME_CHECKSUM, hex(value)));
    return texts;
  }

  static ObjectMetadata parse(Map<String, String> texts) {
    Map<String, String> folded = new HashMap<>();
    texts.forEach((name, text) -> folded.put(name.toLowerCase(Locale.ROOT), text));
    return new ObjectMetadata(
        time(folded.get(TIMESTAMP)),
        Optional.ofNullable(folded.get(OWNER)),
        Optional.ofNullable(folded.get(CLUSTER)),
        number(folded.get(CHECKSUM)),
        number(folded.get(FRAME_CHECKSUM)));
  }

  private static String hex(long value) {
    return HexFormat.of().toHexDigits(value);
  }

  private static OptionalLong number(@Nullable String text) {
    return text == null || text.length() != 16 || !text.chars().allMatch(HexFormat::isHexDigit)
        ? OptionalLong.empty()
        : OptionalLong.of(HexFormat.fromHexDigitsToLong(text));
  }

  private static Optional<Instant> time(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException foreign) {
      return Optional.empty();
    }
  }
}
