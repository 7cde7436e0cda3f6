/**
 * Certificates of the operator's own servers: an authority of our own, leaves for its services, and
 * their renewal while clients still know only the authority before.
 *
 * <p>The authorities that clients trust overlap: a new one is published before anything is signed
 * by it. Bouncy Castle issues; what is due is decided by a pure function. Start at {@link
 * dev.tidewal.operator.certs.Issuer}.
 */
@NullMarked
package dev.tidewal.operator.certs;

import org.jspecify.annotations.NullMarked;
