/** A link inside the JVM: the reference transport, and the one for tests. */
@NullMarked
package io.securestreams.reactor.transport.local;

import org.jspecify.annotations.NullMarked;
