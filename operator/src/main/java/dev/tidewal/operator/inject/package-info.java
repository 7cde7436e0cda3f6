/**
 * Puts the sidecar into a pod that asked for it, or says why not.
 *
 * <p>Pure: the pod is the JSON that the API server sent, what else must be known comes as {@link
 * dev.tidewal.operator.inject.Surroundings}, and the answer is a JSON Patch that only adds, so that
 * fields we have never heard of survive. Injecting twice is injecting once. May use the resources
 * and {@code operator.sidecar}. Start at {@link dev.tidewal.operator.inject.Injector}.
 */
@NullMarked
package dev.tidewal.operator.inject;

import org.jspecify.annotations.NullMarked;
