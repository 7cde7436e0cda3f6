package dev.tidewal.ltx;

/**
 * What a whole LTX file turned out to be, known once its last byte was written or verified.
 *
 * @param sizeBytes length of the file
 * @param pages number of page frames
 * @param fileChecksum the last 8 bytes, bit 63 set
 * @param postApplyChecksum the 8 bytes before, 0 without checksums
 */
public record LtxSummary(
    LtxHeader header, long sizeBytes, long pages, long fileChecksum, long postApplyChecksum) {}
