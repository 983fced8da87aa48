/** Benchmarks: secure streams beside raw Reactor Netty and Spring, on the same server. */
@NullMarked
package io.securestreams.bench;

import org.jspecify.annotations.NullMarked;
