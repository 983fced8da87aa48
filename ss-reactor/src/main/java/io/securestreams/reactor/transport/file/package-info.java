/** Files that are read as if they were received. */
@NullMarked
package io.securestreams.reactor.transport.file;

import org.jspecify.annotations.NullMarked;
