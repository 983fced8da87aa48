/** What the examples share: a policy with throw-away certificates, made at start. */
@NullMarked
package io.securestreams.examples;

import org.jspecify.annotations.NullMarked;
