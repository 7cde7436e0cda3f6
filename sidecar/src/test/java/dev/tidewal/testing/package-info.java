/**
 * What tests of several packages share: real peers and servers of the machine, and a replica client
 * that fails on command.
 *
 * <p>Peers come from environment variables; see {@link dev.tidewal.testing.Peers}. Faults: {@link
 * dev.tidewal.testing.FaultyReplicaClient}.
 */
@NullMarked
package dev.tidewal.testing;

import org.jspecify.annotations.NullMarked;
