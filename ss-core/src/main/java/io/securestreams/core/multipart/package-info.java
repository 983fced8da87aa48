/** Multipart bodies that are received, taken apart as their bytes come. */
@NullMarked
package io.securestreams.core.multipart;

import org.jspecify.annotations.NullMarked;
