package dev.tidewal.replica;

import dev.tidewal.ltx.LtxName;
import java.time.Instant;

/**
 * An object as the store shows it.
 *
 * @param modified the store's own clock (LastModified, or the file's change time); retention goes
 *     by it
 * @param metadata what was recorded beside the object; {@link ObjectMetadata#UNKNOWN} in a cheap
 *     listing
 */
public record ObjectInfo(LtxName name, long sizeBytes, Instant modified, ObjectMetadata metadata) {}
