package dev.tidewal.operator.position;

/**
 * A pod, as its token proves it.
 *
 * @param replication the one that its label names, and that it may report for; empty: none
 */
record PodIdentity(String namespace, String name, String replication) {}
