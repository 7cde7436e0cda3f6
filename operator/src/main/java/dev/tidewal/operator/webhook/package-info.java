/**
 * The admission webhook: HTTPS in front of {@code operator.inject}.
 *
 * <p>A pod that can't be judged is not admitted (the API server answers so on any error of ours):
 * only pods that asked for the sidecar ever come here, and one that runs without it loses data.
 * What the decision needs of the cluster is looked up by {@link
 * dev.tidewal.operator.webhook.ClusterView}. Start at {@link
 * dev.tidewal.operator.webhook.AdmissionServer}.
 */
@NullMarked
package dev.tidewal.operator.webhook;

import org.jspecify.annotations.NullMarked;
