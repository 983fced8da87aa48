/** What a device knows beside its policy: identity, tokens, certificates. */
@NullMarked
package io.securestreams.core.system;

import org.jspecify.annotations.NullMarked;
