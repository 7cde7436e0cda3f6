package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;

/** What a subcommand does once its options and arguments are read. */
interface Subcommand extends Callable<Integer> {
  /**
   * Does the work.
   *
   * @throws Exception mapped to an exit code and one line by {@link Failure#of}
   */
  ExitCode run() throws Exception;

  CommonOptions common();

  /** What is logged unless the user says otherwise. */
  default Level defaultLogLevel() {
    return Level.WARNING;
  }

  @Override
  default Integer call() throws Exception {
    return run().code();
  }
}
