/**
 * The custom resources of {@code tidewal.dev}, as values.
 *
 * <p>What stands here is the API that people write and read with kubectl: every field has its
 * description, its bounds and its default, from which the build generates the definitions in YAML.
 * The records hold no logic beyond what their fields mean together. Uses the core and fabric8's
 * model, nothing of the operator. Start at {@link dev.tidewal.crds.SqliteReplication}.
 */
@NullMarked
package dev.tidewal.crds;

import org.jspecify.annotations.NullMarked;
