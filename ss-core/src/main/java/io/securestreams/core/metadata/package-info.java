/** Declared names, the headers they map to, and templates such as {@code items/${id}}. */
@NullMarked
package io.securestreams.core.metadata;

import org.jspecify.annotations.NullMarked;
