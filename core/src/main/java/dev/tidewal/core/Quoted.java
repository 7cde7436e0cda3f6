package dev.tidewal.core;

/** Somebody else's text inside a one-line message. */
public final class Quoted {
  private static final int LONGEST = 100;

  private Quoted() {}

  /** The text in single quotes, on one line, cut after 100 characters. */
  public static String of(String text) {
    return "'" + oneLine(text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text) + "'";
  }

  /** The text with "?" for line breaks and control characters. */
  public static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?");
  }
}
