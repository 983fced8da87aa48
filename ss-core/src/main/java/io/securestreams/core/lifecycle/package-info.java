/** The state machine: state and input in, next state and effects out. */
@NullMarked
package io.securestreams.core.lifecycle;

import org.jspecify.annotations.NullMarked;
