/**
 * What a SqliteReplication means to the sidecars of its pods: their configuration file, the names
 * of volumes and the paths where things are mounted.
 *
 * <p>Pure functions of the resource; knows the sidecar's configuration keys, whose own parser
 * judges the result in the tests. The same resource always gives the same text, because a changed
 * text is a changed ConfigMap. Start at {@link dev.tidewal.operator.sidecar.SidecarConfiguration}.
 */
@NullMarked
package dev.tidewal.operator.sidecar;

import org.jspecify.annotations.NullMarked;
