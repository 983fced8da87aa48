/** The front door: builds the rooms and wires them; imported by nobody here. */
@NullMarked
package io.securestreams.reactor;

import org.jspecify.annotations.NullMarked;
