/** An https request that is repeated until the server is there. */
@NullMarked
package io.securestreams.examples.fetch;

import org.jspecify.annotations.NullMarked;
