/** What the context asks for on its own behalf, as an ordinary user of {@code api}. */
@NullMarked
package io.securestreams.reactor.system;

import org.jspecify.annotations.NullMarked;
