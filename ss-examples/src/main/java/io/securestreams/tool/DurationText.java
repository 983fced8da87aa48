package io.securestreams.tool;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 1m30s}, {@code 2h}. */
final class DurationText implements ITypeConverter<Duration> {

  private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h)?");

  @Override
  public Duration convert(String value) {
    try {
      return parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /**
   * Parses a duration; a bare number is seconds.
   *
   * @throws IllegalArgumentException if it is none, or not longer than zero
   */
  static Duration parse(String text) {
    Matcher part = PART.matcher(text.toLowerCase(Locale.ROOT));
    Duration total = Duration.ZERO;
    int at = 0;
    while (at < text.length() && part.find(at) && part.start() == at) {
      if (part.group(2) == null && (at > 0 || part.end() < text.length())) {
        break;
      }
      total = total.plus(millis(new BigDecimal(part.group(1)), part.group(2)));
      at = part.end();
    }
    if (at < text.length() || total.isZero()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration; write for example 500ms, 30s or 1m30s");
    }
    return total;
  }

  private static Duration millis(BigDecimal amount, String unit) {
    long factor =
        switch (unit == null ? "s" : unit) {
          case "ms" -> 1;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 1000;
        };
    return Duration.ofMillis(amount.multiply(BigDecimal.valueOf(factor)).longValue());
  }

  /** Short and readable: {@code 830 ms}, {@code 1.24 s}, {@code 2 min 5 s}. */
  static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
    }
    return duration.toHours() > 0
        ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
        : duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
  }
}
