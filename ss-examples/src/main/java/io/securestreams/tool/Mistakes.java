package io.securestreams.tool;

import io.securestreams.core.error.BugException;
import io.securestreams.core.error.SecureStreamsException;
import java.net.BindException;
import java.util.Optional;

/** Tells what the user can mend from what we must. */
final class Mistakes {

  private Mistakes() {}

  /** One sentence for the user, or nothing if it is a defect of ours. */
  static Optional<String> sentence(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof BugException) {
        return Optional.empty();
      }
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof MistakeException || t instanceof SecureStreamsException) {
        return Optional.of(message(t));
      }
      if (t instanceof BindException) {
        return Optional.of("cannot listen: " + message(t));
      }
    }
    return Optional.empty();
  }

  private static String message(Throwable t) {
    String message = t.getMessage();
    return message == null ? t.getClass().getSimpleName() : message;
  }
}
