package dev.tidewal.legacy;

import java.time.Instant;

/**
 * The whole database file as it was when a WAL began, LZ4-compressed.
 *
 * @param generation 16 hex digits
 * @param index number of the WAL that follows it
 * @param key relative to the replica's prefix
 * @param created when it was stored
 */
public record GenerationSnapshot(
    String generation, long index, String key, long sizeBytes, Instant created) {}
