package dev.tidewal.operator.sidecar;

import dev.tidewal.crds.DestinationSpec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The path of a database's replica, from the template of its destination.
 *
 * <p>Every part is escaped, so that two databases never share a path: {@code /data/app.db} is
 * {@code data!app.db}, and what is neither letter, digit, {@code .}, {@code _} nor {@code -} is
 * percent-encoded.
 */
final class Prefix {
  static final String TEMPLATE = "{namespace}/{name}/{pod}/{database}";
  private static final String POD = "{pod}";

  private Prefix() {}

  /** With {@code ${TIDEWAL_POD_SEGMENT}} where the pod belongs, which the sidecar fills in. */
  static String of(DestinationSpec destination, String namespace, String name, String database) {
    return parts(destination)
        .map(part ->
            part.equals(POD)
                ? "${" + Layout.POD_SEGMENT + "}"
                : part.replace("{namespace}", escape(namespace))
                        .replace("{name}", escape(name))
                        .replace("{database}", escape(database))
                    + "/")
        .collect(Collectors.joining())
        .replaceFirst("/$", "");
  }

  /** Whether each pod of a StatefulSet has its own. */
  static boolean isOfPod(DestinationSpec destination) {
    return parts(destination).anyMatch(POD::equals);
  }

  private static Stream<String> parts(DestinationSpec destination) {
    String template = destination.prefix() == null ? TEMPLATE : destination.prefix();
    return Arrays.stream(template.split("/", -1)).filter(part -> !part.isEmpty());
  }

  private static String escape(String text) {
    String relative = text.startsWith("/") ? text.substring(1) : text;
    StringBuilder escaped = new StringBuilder();
    for (byte octet : relative.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      if (c == '/') {
        escaped.append('!');
      } else if (isPlain(c)) {
        escaped.append(c);
      } else {
        escaped.append('%').append(HexFormat.of().toHexDigits(octet).toUpperCase(Locale.ROOT));
      }
    }
    return escaped.toString();
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
