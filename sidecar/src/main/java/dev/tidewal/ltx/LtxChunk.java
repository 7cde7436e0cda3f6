package dev.tidewal.ltx;

/**
 * Some consecutive page frames of a file, to be fetched and decoded by themselves.
 *
 * @param number position among the chunks of its file, from 0
 * @param offset where in the file it starts
 * @param length bytes
 * @param firstPgno number of its first page
 * @param pages how many frames it has
 * @param digest of its index entries, which its frames must have again
 */
public record LtxChunk(
    int number, long offset, int length, long firstPgno, int pages, long digest) {}
