/** A local sink: parts of one process that speak to each other by a stream type's name. */
@NullMarked
package io.securestreams.examples.sink;

import org.jspecify.annotations.NullMarked;
