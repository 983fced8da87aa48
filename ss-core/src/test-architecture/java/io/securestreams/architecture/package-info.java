/** The rules that hold in every module, and the table that says which room may see which. */
@NullMarked
package io.securestreams.architecture;

import org.jspecify.annotations.NullMarked;
