/** One family of failures; facts are typed fields, never only words in a message. */
@NullMarked
package io.securestreams.core.error;

import org.jspecify.annotations.NullMarked;
