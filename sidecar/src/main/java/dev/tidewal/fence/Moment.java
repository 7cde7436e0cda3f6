package dev.tidewal.fence;

/** When the start happens, seen from the application. */
public enum Moment {
  /** The application has not been started, or was stopped: its file may be replaced. */
  RESTORE_STEP,
  /** The application may have the database open. */
  BESIDE_APPLICATION
}
