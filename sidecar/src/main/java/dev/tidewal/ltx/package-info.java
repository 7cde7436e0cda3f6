/**
 * The LTX v3 file format: headers, page frames, page index, trailer, and its three checksums.
 *
 * <p>Pure functions and streams; the only dependency is LZ4. Invariant: a reader exposes no file as
 * good before its FileChecksum was verified, and buffers stay bounded however large the database
 * is. Start reading at {@link dev.tidewal.ltx.LtxHeader}, then {@link dev.tidewal.ltx.LtxWriter}
 * and {@link dev.tidewal.ltx.LtxReader}; many threads: {@link dev.tidewal.ltx.ChunkEncoder}, {@link
 * dev.tidewal.ltx.LtxIndex}, {@link dev.tidewal.ltx.LtxVerifier}; several files: {@link
 * dev.tidewal.ltx.LtxMerge}. Bytes: docs/formats.md.
 */
@NullMarked
package dev.tidewal.ltx;

import org.jspecify.annotations.NullMarked;
