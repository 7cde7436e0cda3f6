package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;

/**
 * What a subcommand does once its options and arguments are read. What it throws is mapped to an
 * exit code and one line by {@link Failure#of}.
 */
interface Subcommand extends Callable<Integer> {
  CommonOptions common();

  /** What is logged unless the user says otherwise. */
  default Level defaultLogLevel() {
    return Level.WARNING;
  }

  /** A subcommand that ends with one of our own exit codes. */
  interface Plain extends Subcommand {
    ExitCode run() throws Exception;

    @Override
    default Integer call() throws Exception {
      return run().code();
    }
  }
}
