/**
 * Buckets by the Container Object Storage Interface: what a destination needs of it, what is there,
 * and what is still waited for.
 *
 * <p>Both versions of the API are read and written as documents, because a cluster has one or the
 * other under the same names. Nothing here deletes: with class policy {@code Delete} a claim that
 * goes takes the backup along. Start at {@link dev.tidewal.operator.cosi.CosiBuckets}.
 */
@NullMarked
package dev.tidewal.operator.cosi;

import org.jspecify.annotations.NullMarked;
