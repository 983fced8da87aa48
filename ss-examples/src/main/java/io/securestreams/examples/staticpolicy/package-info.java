/** A policy that was compiled: nothing is read or parsed at start. */
@NullMarked
package io.securestreams.examples.staticpolicy;

import org.jspecify.annotations.NullMarked;
