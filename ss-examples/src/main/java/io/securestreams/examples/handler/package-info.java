/** The callback way: three methods whose results steer the stream. */
@NullMarked
package io.securestreams.examples.handler;

import org.jspecify.annotations.NullMarked;
