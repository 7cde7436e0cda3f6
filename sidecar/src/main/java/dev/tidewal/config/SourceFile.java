package dev.tidewal.config;

import dev.tidewal.core.Quoted;
import dev.tidewal.core.TidewalException;

/**
 * Where a configuration came from, for messages.
 *
 * @param name the file as the user named it, or "command line"
 * @param lines line of the file for each line of the expanded text; a variable's value may hold
 *     line breaks
 */
record SourceFile(String name, LineMap lines) {
  static final SourceFile COMMAND_LINE = new SourceFile("command line", LineMap.SAME);

  static SourceFile of(String name) {
    return new SourceFile(name, LineMap.SAME);
  }

  int line(int expandedLine) {
    return lines.original(expandedLine);
  }

  /** {@code file:line: problem}. */
  TidewalException.Usage error(int line, String problem) {
    return new TidewalException.Usage(at(line) + ": " + Quoted.oneLine(problem));
  }

  String at(int line) {
    return line == 0 ? name : name + ":" + line;
  }
}
