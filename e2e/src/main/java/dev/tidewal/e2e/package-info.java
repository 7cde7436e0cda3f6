/** The application that the end-to-end tests run in pods: it writes rows and says so. */
@NullMarked
package dev.tidewal.e2e;

import org.jspecify.annotations.NullMarked;
