/**
 * The operator as a process: settings, and the parts in the order in which they start and end.
 *
 * <p>Every replica serves the webhook and the position service; the leader alone reconciles. Start
 * at {@link dev.tidewal.operator.Main}.
 */
@NullMarked
package dev.tidewal.operator;

import org.jspecify.annotations.NullMarked;
