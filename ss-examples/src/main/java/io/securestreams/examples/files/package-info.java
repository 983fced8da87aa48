/** A server for the files of a folder. */
@NullMarked
package io.securestreams.examples.files;

import org.jspecify.annotations.NullMarked;
