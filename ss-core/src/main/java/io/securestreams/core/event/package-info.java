/** What an application sees: payload, states and metadata of a secure stream, in one order. */
@NullMarked
package io.securestreams.core.event;

import org.jspecify.annotations.NullMarked;
