/**
 * Configuration: {@code tidewal.yml}, an unchanged {@code litestream.yml} of 0.3 or 0.5, or the
 * arguments {@code DB URL...}, as immutable records.
 *
 * <p>Every key is declared once, in {@link dev.tidewal.config.Keys}; the parser, the check for
 * unknown keys and the table in docs/operations.md all follow from it. A Litestream file is
 * translated key by key ({@link dev.tidewal.config.LitestreamKeys}) and then read by the same
 * parser. Invariant: whatever is wrong is a {@code TidewalException.Usage} with file and line, and
 * no message shows a secret. Start reading at {@link dev.tidewal.config.ConfigurationReader}.
 */
@NullMarked
package dev.tidewal.config;

import org.jspecify.annotations.NullMarked;
