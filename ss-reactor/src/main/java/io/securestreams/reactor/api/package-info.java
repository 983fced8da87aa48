/** What an application holds: streams, their tx side, servers and accepted streams. */
@NullMarked
package io.securestreams.reactor.api;

import org.jspecify.annotations.NullMarked;
