package dev.tidewal.operator.position;

/** A pod, as its token proves it. */
record PodIdentity(String namespace, String name) {}
