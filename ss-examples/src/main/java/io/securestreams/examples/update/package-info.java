/** A policy file that changes while streams run. */
@NullMarked
package io.securestreams.examples.update;

import org.jspecify.annotations.NullMarked;
