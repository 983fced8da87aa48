/** What a server costs: requests, messages and connections beside Reactor Netty and nginx. */
@NullMarked
package io.securestreams.bench.server;

import org.jspecify.annotations.NullMarked;
