package dev.tidewal.replica;

import java.time.Duration;

/** Is told of every request to a store. Called by many threads; must be quick and not throw. */
@FunctionalInterface
public interface RequestObserver {
  RequestObserver NONE = (operation, code, duration, bytes) -> {};

  /**
   * One request has ended.
   *
   * @param operation as the store calls it: {@code PutObject}, {@code UploadPart}, ...; {@code
   *     write}, {@code list}, ... of a file store
   * @param code the HTTP status, or {@code ok}, {@code timeout}, {@code network}, {@code
   *     cancelled}, {@code error}
   * @param duration until the answer; of a body that is read, until its first byte
   * @param bytes of the body that was sent or is about to be received
   */
  void onRequest(String operation, String code, Duration duration, long bytes);
}
