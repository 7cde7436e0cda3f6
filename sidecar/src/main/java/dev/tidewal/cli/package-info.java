/**
 * The {@code tidewal} command: arguments, output, exit codes, progress; where logs go.
 *
 * <p>Invariants: one mapping from errors to exit codes; {@code --json} writes one JSON document to
 * standard output and nothing else there; only {@link dev.tidewal.cli.Main} ends the process. A
 * command's class is loaded when it is asked for, since start-up time is a target. Start reading at
 * {@link dev.tidewal.cli.Tidewal}.
 */
@NullMarked
package dev.tidewal.cli;

import org.jspecify.annotations.NullMarked;
