/** Stream type and metadata in, a plan with no names left to look up out. */
@NullMarked
package io.securestreams.core.plan;

import org.jspecify.annotations.NullMarked;
