package dev.tidewal.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the HTTP server listens.
 *
 * @param host a name or address without brackets; empty = every interface
 * @param port 1 to 65535; 0 = a free one; -1 = no server
 */
public record ListenAddress(String host, int port) {
  /** For this machine only: what is shown names files and buckets. */
  public static final ListenAddress DEFAULT = new ListenAddress("127.0.0.1", 9797);

  /** No server. */
  public static final ListenAddress OFF = new ListenAddress("", -1);

  static final ValueType<ListenAddress> TYPE = ValueType.scalar("address", ListenAddress::parse);

  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^:\\[\\]]*)):(\\d{1,5})");

  public boolean isOff() {
    return port < 0;
  }

  /**
   * Reads {@code host:port}, {@code :port} or {@code off}.
   *
   * @throws IllegalArgumentException with a message that goes on after the value: "is not an
   *     address: ..."
   */
  public static ListenAddress parse(String text) {
    if (text.equals("off")) {
      return OFF;
    }
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65535) {
      throw new IllegalArgumentException(
          "is not an address: write host:port, :port for every interface, or off");
    }
    String host =
        Optional.ofNullable(matcher.group(1))
            .or(() -> Optional.ofNullable(matcher.group(2)))
            .orElse("");
    return new ListenAddress(host, Integer.parseInt(matcher.group(3)));
  }

  @Override
  public String toString() {
    return isOff() ? "off" : (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
