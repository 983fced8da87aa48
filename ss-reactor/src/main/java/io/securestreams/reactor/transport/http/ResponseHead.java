package io.securestreams.reactor.transport.http;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The head of a final response, whatever version of http it came in. */
public interface ResponseHead {

  /** The status code. */
  int status();

  /** The names of all headers, each once, in lower case. */
  Set<String> names();

  /** All values of a header, by lower-case name. */
  List<String> values(String name);

  /** All values of a header in one, or null if there are none. */
  default @Nullable String joined(String name) {
    List<String> values = values(name);
    return switch (values.size()) {
      case 0 -> null;
      case 1 -> values.get(0);
      default -> String.join(", ", values);
    };
  }
}
