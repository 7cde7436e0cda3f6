package dev.tidewal.config;

/** A key of litestream.yml and what becomes of it here. */
sealed interface LitestreamKey {
  String name();

  /** The key has the same name and meaning here. */
  record Same(String name) implements LitestreamKey {}

  /**
   * The key means another one here.
   *
   * @param here dotted, as in {@link Key#name}
   */
  record Renamed(String name, String here) implements LitestreamKey {}

  /**
   * Nothing is lost without it.
   *
   * @param why completes "not needed: ..."
   */
  record NotNeeded(String name, String why) implements LitestreamKey {}

  /**
   * What it asks for does not happen.
   *
   * @param instead completes "not supported: ..."
   */
  record Unsupported(String name, String instead) implements LitestreamKey {}

  /**
   * Going on without it would lose or expose data.
   *
   * @param why completes "not supported: ..."
   */
  record Refused(String name, String why) implements LitestreamKey {}
}
