/** A policy database as Java source that builds it again without reading JSON. */
@NullMarked
package io.securestreams.core.generate;

import org.jspecify.annotations.NullMarked;
