package dev.tidewal.config;

import java.util.List;

/** A configuration, and what its reader has to say about it. */
public record LoadedConfiguration(Configuration configuration, List<ConfigNote> notes) {
  public LoadedConfiguration {
    notes = List.copyOf(notes);
  }
}
