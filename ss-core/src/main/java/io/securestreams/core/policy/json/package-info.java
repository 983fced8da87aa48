/** Text to database, with every problem placed by line, column and JSON path. */
@NullMarked
package io.securestreams.core.policy.json;

import org.jspecify.annotations.NullMarked;
