package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.policy.MultipartSettings;
import io.securestreams.core.policy.StreamType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds the parts of a stream type's requests: its own, and those that ride with it. */
final class FormParts {

  private FormParts() {}

  /**
   * The parts in their order.
   *
   * @param type the stream type that makes the requests
   * @param streamTypes finds the others by name
   * @return none if the body is not multipart
   * @throws LinkException of kind POLICY if the parts are not all there, or go in a circle
   */
  static List<FormPart> of(StreamType type, Function<String, Optional<StreamType>> streamTypes) {
    if (type.http().multipart().name().isEmpty()) {
      return List.of();
    }
    List<FormPart> parts = new ArrayList<>();
    Set<String> passed = new HashSet<>();
    Optional<StreamType> next = Optional.of(type);
    while (next.isPresent()) {
      StreamType current = next.get();
      if (!passed.add(current.name())) {
        throw unusable(type, "leads back to \"" + current.name() + "\"");
      }
      parts.add(part(type, current));
      Optional<String> rides = current.http().multipart().rideshare();
      next = rides.flatMap(streamTypes);
      if (rides.isPresent() && next.isEmpty()) {
        throw unusable(type, "names \"" + rides.get() + "\", which the policy does not have");
      }
    }
    return List.copyOf(parts);
  }

  private static FormPart part(StreamType base, StreamType type) {
    MultipartSettings settings = type.http().multipart();
    String name =
        settings
            .name()
            .orElseThrow(
                () -> unusable(base, "leads to \"" + type.name() + "\", which names no part"));
    if (settings.contentType().filter(text -> RequestText.badInHeader(text) >= 0).isPresent()) {
      throw new LinkException(
          FailureKind.POLICY,
          "stream type \""
              + type.name()
              + "\": http_mime_content_type has a control character; correct the policy");
    }
    return new FormPart(type.name(), name, settings.fileName(), settings.contentType());
  }

  private static LinkException unusable(StreamType type, String problem) {
    return new LinkException(
        FailureKind.POLICY,
        "stream type \"" + type.name() + "\": its \"rideshare\" " + problem + "; correct it");
  }
}
