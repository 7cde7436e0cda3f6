package dev.tidewal.replica;

/**
 * An error that has a code and came without a status of its own: inside an answer that is 200 as a
 * whole, such as that of DeleteObjects, or in the course of another request.
 */
final class S3BatchFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;

  S3BatchFailure(String code, String message) {
    super(message);
    this.code = code;
  }

  String code() {
    return code;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
