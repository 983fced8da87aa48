/** A chat: one listener that gives browsers their page and then speaks WebSocket with them. */
@NullMarked
package io.securestreams.examples.chat;

import org.jspecify.annotations.NullMarked;
