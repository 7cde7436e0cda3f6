package dev.tidewal.config;

import java.util.List;

/**
 * From the lines of a text in which variables were expanded to the lines of the file.
 *
 * @param originals the file's line for each expanded line, both from 1; lines beyond count as
 *     themselves
 */
record LineMap(List<Integer> originals) {
  static final LineMap SAME = new LineMap(List.of());

  LineMap {
    originals = List.copyOf(originals);
  }

  int original(int expandedLine) {
    return originals.isEmpty()
        ? expandedLine
        : originals.get(Math.clamp(expandedLine, 1, originals.size()) - 1);
  }
}
