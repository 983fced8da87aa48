/** Connection timings as the reference's JSON. */
@NullMarked
package io.securestreams.core.event.json;

import org.jspecify.annotations.NullMarked;
