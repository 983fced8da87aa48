package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.Quoted;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Multipart, forms and rideshare. */
final class UploadCheck {

  private final Names<StreamDraft> streamTypes;
  private final Set<String> targets = new HashSet<>();
  private final Set<String> blamed = new HashSet<>();

  UploadCheck(References references) {
    this.streamTypes = references.streamTypes();
    for (StreamDraft draft : streamTypes.accepted().values()) {
      draft.fields().text(PolicyKey.RIDESHARE).ifPresent(targets::add);
    }
  }

  /** True if another stream type continues its payload with this one. */
  boolean isTarget(StreamDraft draft) {
    return targets.contains(draft.name());
  }

  void check(StreamDraft draft) {
    Fields fields = draft.fields();
    boolean named = fields.has(PolicyKey.MULTIPART_NAME);
    boolean part =
        fields.has(PolicyKey.MULTIPART_FILENAME) || fields.has(PolicyKey.MIME_CONTENT_TYPE);
    boolean rides = fields.has(PolicyKey.RIDESHARE);
    if (!named && (part || rides) && !isBlamed(draft)) {
      blamed.add(draft.name());
      fields.report(FindingCode.MISSING, "'http_multipart_name' is required");
    }
    if (fields.flag(PolicyKey.FORM_URLENCODED) && (named || part)) {
      fields.reportKey(
          PolicyKey.FORM_URLENCODED, FindingCode.CONFLICT, "the body is already multipart");
    }
    boolean bodiless = draft.method().filter(m -> m.equals("GET") || m.equals("HEAD")).isPresent();
    if (named && bodiless && fields.text(PolicyKey.HTTP_METHOD).isPresent()) {
      fields.reportValue(
          PolicyKey.HTTP_METHOD, FindingCode.SUSPICIOUS, "a multipart body needs POST or PUT");
    }
    fields.text(PolicyKey.RIDESHARE).ifPresent(name -> rideshare(draft, name));
  }

  private void rideshare(StreamDraft draft, String name) {
    Place place = draft.fields().valuePlace(PolicyKey.RIDESHARE);
    Optional<StreamDraft> target = streamTypes.resolve(name, place);
    if (target.isEmpty()) {
      return;
    }
    Fields fields = target.get().fields();
    if (!fields.has(PolicyKey.MULTIPART_NAME) && !isBlamed(target.get())) {
      blamed.add(name);
      report(draft, target.get());
    }
    if (isCycle(draft)) {
      draft.fields().reportValue(PolicyKey.RIDESHARE, FindingCode.CONFLICT, "leads back to itself");
    }
  }

  private static void report(StreamDraft draft, StreamDraft target) {
    if (target.fields().isElsewhere()) {
      draft
          .fields()
          .reportValue(
              PolicyKey.RIDESHARE,
              FindingCode.MISSING,
              "'http_multipart_name' is required in " + Quoted.name(target.name()));
      return;
    }
    target
        .fields()
        .report(
            FindingCode.MISSING,
            "'http_multipart_name' is required, "
                + Quoted.name(draft.name())
                + " names it in 'rideshare'");
  }

  private boolean isBlamed(StreamDraft draft) {
    return blamed.contains(draft.name());
  }

  /** True if the stream type itself is on the circle; one that only leads to it is not at fault. */
  private boolean isCycle(StreamDraft start) {
    Set<String> passed = new LinkedHashSet<>();
    Optional<StreamDraft> next = Optional.of(start);
    while (next.isPresent() && passed.add(next.get().name())) {
      next = next.get().fields().text(PolicyKey.RIDESHARE).flatMap(streamTypes::accepted);
    }
    return next.isPresent() && next.get().name().equals(start.name());
  }
}
