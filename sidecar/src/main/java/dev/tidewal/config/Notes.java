package dev.tidewal.config;

import java.util.ArrayList;
import java.util.List;

/** Collects notes in the order of the file while it is read. */
final class Notes {
  private final SourceFile source;
  private final List<ConfigNote> notes = new ArrayList<>();

  Notes(SourceFile source) {
    this.source = source;
  }

  void info(int line, String message) {
    notes.add(new ConfigNote(ConfigNote.Severity.INFO, source.at(line), message));
  }

  void warning(int line, String message) {
    notes.add(new ConfigNote(ConfigNote.Severity.WARNING, source.at(line), message));
  }

  List<ConfigNote> all() {
    return List.copyOf(notes);
  }
}
