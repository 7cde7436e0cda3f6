package dev.tidewal.cli;

import dev.tidewal.config.LoggingConfig;
import java.io.PrintStream;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Where logs go and how they look: {@code java.util.logging}, which System.Logger and SLF4J both
 * end in.
 *
 * <p>Libraries are heard from WARNING on, whatever our own level is: at debug, the AWS SDK would
 * print what it sends.
 */
final class Logging {
  private static final Logger ROOT = Logger.getLogger("");

  /** Kept, since the log manager holds loggers weakly and would forget the level. */
  private static final Logger OURS = Logger.getLogger("dev.tidewal");

  private Logging() {}

  /** Sends all logs to {@code out} from now on. */
  static void configure(System.Logger.Level level, LoggingConfig.Format format, PrintStream out) {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    Handler lines = new Lines(out, formatter(format));
    lines.setLevel(Level.ALL);
    ROOT.addHandler(lines);
    ROOT.setLevel(Level.WARNING);
    OURS.setLevel(julLevel(level));
  }

  private static Formatter formatter(LoggingConfig.Format format) {
    return switch (format) {
      case TEXT -> new LogLines.Text();
      case JSON -> new LogLines.JsonObject();
    };
  }

  private static Level julLevel(System.Logger.Level level) {
    return switch (level) {
      case ALL -> Level.ALL;
      case TRACE -> Level.FINER;
      case DEBUG -> Level.FINE;
      case INFO -> Level.INFO;
      case WARNING -> Level.WARNING;
      case ERROR -> Level.SEVERE;
      case OFF -> Level.OFF;
    };
  }

  /** Writes each record as soon as it comes. */
  private static final class Lines extends Handler {
    private final PrintStream out;

    Lines(PrintStream out, Formatter formatter) {
      this.out = out;
      setFormatter(formatter);
    }

    @Override
    public void publish(LogRecord record) {
      if (isLoggable(record)) {
        String line = getFormatter().format(record);
        out.print(line);
        out.flush();
      }
    }

    @Override
    public void flush() {
      out.flush();
    }

    @Override
    public void close() {}
  }
}
