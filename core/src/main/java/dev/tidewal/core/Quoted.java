package dev.tidewal.core;

/** Somebody else's text inside a one-line message. */
public final class Quoted {
  private static final int LONGEST = 100;

  private Quoted() {}

  /**
   * The text in single quotes, cut after 100 characters, line breaks and control characters as "?".
   */
  public static String of(String text) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return "'" + shown.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?") + "'";
  }
}
