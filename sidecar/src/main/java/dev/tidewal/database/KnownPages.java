package dev.tidewal.database;

/** What a replica is known to hold, page by page. */
@FunctionalInterface
public interface KnownPages {
  /** Checksum of a page as {@link dev.tidewal.ltx.PageChecksum} has it, 0 if it is not known. */
  long checksum(long pgno);
}
