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
    add(new ConfigNote(ConfigNote.Severity.INFO, source.at(line), message));
  }

  void warning(int line, String message) {
    add(new ConfigNote(ConfigNote.Severity.WARNING, source.at(line), message));
  }

  /** What is written once and holds for many databases is noted once. */
  private void add(ConfigNote note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  List<ConfigNote> all() {
    return List.copyOf(notes);
  }
}
