package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.StreamType;
import java.util.List;
import java.util.Map;

/** Target, path and headers of the requests of one stream type. */
final class HeadPlanner {

  private final StreamType type;
  private final PlanText texts;
  private final TargetPlanner targets;

  private final RequestHeaders headers;

  /** One request's head. */
  record Head(Target target, String path, List<Header> headers) {}

  HeadPlanner(StreamType type, TargetPlanner targets) {
    this.type = type;
    this.texts = new PlanText(type);
    this.targets = targets;
    this.headers = new RequestHeaders(type);
  }

  /** True if neither metadata nor blobs change the head. */
  boolean isConstantWithout(Map<String, String> metadata) {
    return targets.isConstant()
        && type.http().url().isConstant()
        && headers.areConstantWithout(metadata);
  }

  Head head(AttemptRequest request) {
    TargetPlanner.Place place = targets.place(request);
    Map<String, String> metadata = request.metadata();
    Target target = place.target();
    String path =
        place.path().isPresent()
            ? path(place.path().get(), type.endpoint().orElseThrow())
            : path(texts.fill(type.http().url(), "http_url", metadata), type.http().url());
    return new Head(target, path, headers.of(target, request));
  }

  /** Puts exactly one slash in front. */
  private String path(String text, Template source) {
    int from = 0;
    while (from < text.length() && text.charAt(from) == '/') {
      from++;
    }
    String path = from == 1 ? text : "/" + text.substring(from);
    int bad = RequestText.badInPath(path);
    if (bad >= 0) {
      throw texts.fail(
          FailureKind.PLAN,
          "the path made from \""
              + source
              + "\" has "
              + RequestText.describe(path.charAt(bad))
              + " at offset "
              + bad
              + "; percent-encode it"
              + PlanText.wayOut(source));
    }
    return path;
  }
}
