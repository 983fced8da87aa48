/** The policy database as immutable records; it knows no JSON. */
@NullMarked
package io.securestreams.core.policy;

import org.jspecify.annotations.NullMarked;
