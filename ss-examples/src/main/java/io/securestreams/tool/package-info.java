/** The {@code sstream} command: check policies, try stream types, watch states. */
@NullMarked
package io.securestreams.tool;

import org.jspecify.annotations.NullMarked;
