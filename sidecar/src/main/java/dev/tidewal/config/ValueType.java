package dev.tidewal.config;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.DurationText;
import dev.tidewal.core.Nearest;
import dev.tidewal.core.Secret;
import dev.tidewal.replica.S3Storage;
import dev.tidewal.replica.S3Storage.Encryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a key's value may be.
 *
 * @param name as the table of keys shows it
 * @param reader from YAML
 * @param isSecret whether messages must not show the value
 */
record ValueType<T>(String name, Reader<T> reader, boolean isSecret) {
  static final ValueType<String> TEXT = scalar("text", text -> text);
  static final ValueType<Secret> SECRET =
      new ValueType<>("secret", node -> new Secret(text(node)), true);
  static final ValueType<Path> PATH = scalar("path", ValueType::path);
  static final ValueType<Boolean> FLAG = scalar("true or false", ValueType::flag);
  static final ValueType<Duration> DURATION = scalar("duration", ValueType::positiveDuration);
  static final ValueType<Duration> DURATION_OR_ZERO = scalar("duration or 0", DurationText::parse);
  static final ValueType<ByteSize> SIZE = scalar("size", ByteSize::parse);
  static final ValueType<ByteSize> RATE = scalar("size a second", ValueType::rate);
  static final ValueType<Integer> COUNT = scalar("count", ValueType::count);
  static final ValueType<ByteSize> WAL_LIMIT = scalar("size", ValueType::walLimit);
  static final ValueType<ByteSize> PART_SIZE =
      scalar(
          "size", text -> S3Storage.DEFAULT.withSmallestPart(ByteSize.parse(text)).smallestPart());
  static final ValueType<Integer> PARTS =
      scalar("count", text -> S3Storage.DEFAULT.withConcurrentParts(count(text)).concurrentParts());
  static final ValueType<Encryption> CUSTOMER_KEY =
      new ValueType<>("secret", scalar("", text -> customerKey(text)).reader(), true);
  static final ValueType<Encryption> CUSTOMER_KEY_FILE = scalar("path", ValueType::customerKeyFile);
  static final ValueType<List<YamlNode>> LIST_OF_MAPS =
      new ValueType<>("list", ValueType::items, false);

  /** Makes a value of a node. */
  @FunctionalInterface
  interface Reader<T> {
    T read(YamlNode node) throws BadValue;
  }

  /**
   * A type that is written as one text.
   *
   * @param parser throws IllegalArgumentException with a message that goes on after the value
   */
  static <T> ValueType<T> scalar(String name, Function<String, T> parser) {
    return new ValueType<>(
        name,
        node -> {
          String text = text(node);
          try {
            return parser.apply(text);
          } catch (IllegalArgumentException refused) {
            throw new BadValue(node, String.valueOf(refused.getMessage()));
          }
        },
        false);
  }

  /** One of some words, letters of either case. */
  static <T> ValueType<T> choice(Map<String, T> words) {
    String shown = words.keySet().stream().sorted().collect(Collectors.joining(", "));
    return scalar(
        shown,
        text -> {
          T value = words.get(text.toLowerCase(Locale.ROOT));
          if (value == null) {
            String nearest =
                Nearest.to(text, words.keySet()).map(w -> "; did you mean " + w + "?").orElse("");
            throw new IllegalArgumentException("is not one of " + shown + nearest);
          }
          return value;
        });
  }

  /** A list, or one value that stands for a list of one. */
  static <T> ValueType<List<T>> listOf(ValueType<T> type) {
    return listOf(type, List::of);
  }

  /** A list, or its values in one text with commas between. */
  static <T> ValueType<List<T>> commaListOf(ValueType<T> type) {
    return listOf(
        type,
        text ->
            Arrays.stream(text.text().split(",", -1))
                .map(part -> new YamlNode.Scalar(part.strip(), text.line()))
                .toList());
  }

  private static <T> ValueType<List<T>> listOf(
      ValueType<T> type, Function<YamlNode.Scalar, List<YamlNode.Scalar>> split) {
    return new ValueType<>(
        "list of " + type.name(),
        node -> {
          List<? extends YamlNode> items =
              switch (node) {
                case YamlNode.Sequence sequence -> sequence.items();
                case YamlNode.Scalar text -> split.apply(text);
                case YamlNode.Mapping map ->
                    throw new BadValue(map, "is a map, but a list is expected");
              };
          List<T> values = new ArrayList<>();
          for (YamlNode item : items) {
            values.add(type.reader().read(item));
          }
          return List.copyOf(values);
        },
        type.isSecret());
  }

  private static String text(YamlNode node) throws BadValue {
    return switch (node) {
      case YamlNode.Scalar scalar -> scalar.text();
      case YamlNode.Sequence list ->
          throw new BadValue(list, "is a list, but one value is expected");
      case YamlNode.Mapping map -> throw new BadValue(map, "is a map, but one value is expected");
    };
  }

  private static List<YamlNode> items(YamlNode node) throws BadValue {
    return switch (node) {
      case YamlNode.Sequence sequence -> sequence.items();
      case YamlNode.Scalar _, YamlNode.Mapping _ ->
          throw new BadValue(node, "is not a list: begin each element with '- '");
    };
  }

  /** Absolute; {@code ~/} is the home directory, {@code sqlite://} is dropped, as in Litestream. */
  private static Path path(String text) {
    String plain = text.replaceFirst("^sqlite3?://", "");
    if (plain.matches("[a-z0-9]+://.*")) {
      throw new IllegalArgumentException("is a URL, but a path is expected; write it under 'url'");
    }
    boolean atHome = plain.equals("~") || plain.startsWith("~/");
    try {
      Path path =
          atHome ? Path.of(System.getProperty("user.home") + plain.substring(1)) : Path.of(plain);
      return path.toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("is not a path", e);
    }
  }

  /** The words of YAML 1.1. */
  private static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "y" -> true;
      case "false", "no", "off", "n" -> false;
      default -> throw new IllegalArgumentException("is neither true nor false");
    };
  }

  private static Duration positiveDuration(String text) {
    Duration duration = DurationText.parse(text);
    if (duration.isZero()) {
      throw new IllegalArgumentException("must be longer than 0, such as 1s");
    }
    return duration;
  }

  private static ByteSize rate(String text) {
    ByteSize rate = ByteSize.parse(text.replaceFirst("/s$", ""));
    if (rate.bytes() == 0) {
      throw new IllegalArgumentException(
          "must be more than 0, such as 10MiB/s; leave the key out for no limit");
    }
    return rate;
  }

  private static ByteSize walLimit(String text) {
    ByteSize limit = ByteSize.parse(text);
    if (limit.compareTo(ByteSize.ofMebibytes(1)) < 0) {
      throw new IllegalArgumentException("is less than 1MiB, the least that replication needs");
    }
    return limit;
  }

  private static Encryption customerKey(String text) {
    return new Encryption.CustomerKey(new Secret(text.strip()));
  }

  private static Encryption customerKeyFile(String text) {
    try {
      return customerKey(Files.readString(path(text)));
    } catch (IOException e) {
      throw new IllegalArgumentException("can't be read: " + e.getClass().getSimpleName(), e);
    }
  }

  private static int count(String text) {
    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < 1) {
      throw new IllegalArgumentException("is not a whole number from 1 to 999999999");
    }
    return Integer.parseInt(text);
  }
}
