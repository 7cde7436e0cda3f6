/**
 * Tidewal and real Litestream on one replica: what either writes the other restores, and each
 * continues what the other began.
 */
@NullMarked
package dev.tidewal.interop;

import org.jspecify.annotations.NullMarked;
