/** A Spring WebFlux application that shows live values, and opens a listener of its own. */
@NullMarked
package io.securestreams.examples.dashboard;

import org.jspecify.annotations.NullMarked;
