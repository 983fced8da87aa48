/** The backoff table: failures so far and a random number in, a decision out. */
@NullMarked
package io.securestreams.core.retry;

import org.jspecify.annotations.NullMarked;
