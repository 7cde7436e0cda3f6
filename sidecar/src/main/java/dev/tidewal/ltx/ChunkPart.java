package dev.tidewal.ltx;

/**
 * What a decoded chunk adds to the checksums of its file.
 *
 * @param number the chunk's
 * @param crc CRC-64 of its page headers, sizes and pages
 * @param coveredBytes how many bytes that were
 * @param pageChecksums XOR of the checksums of its pages
 */
public record ChunkPart(int number, long crc, long coveredBytes, long pageChecksums) {}
