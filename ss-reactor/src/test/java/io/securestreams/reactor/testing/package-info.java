/** Fixtures that tests of several rooms share. */
@NullMarked
package io.securestreams.reactor.testing;

import org.jspecify.annotations.NullMarked;
