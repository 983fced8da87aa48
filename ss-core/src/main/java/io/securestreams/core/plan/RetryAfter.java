package io.securestreams.core.plan;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The wait that a peer asks for with 503 or 429. Source: RFC 9110, {@code Retry-After}. */
public final class RetryAfter {

  /** The longest wait a peer can ask for, in ms: one day. */
  public static final long MAX_MS = Duration.ofDays(1).toMillis();

  /** As in the reference, a header of at least so many characters is a date. */
  private static final int DATE_LENGTH = 9;

  private static final String TIME = "(?<h>\\d{2}):(?<m>\\d{2}):(?<s>\\d{2})";
  private static final Pattern FIXDATE =
      Pattern.compile("\\w{3}, (?<day>\\d{2}) (?<mon>\\w{3}) (?<year>\\d{4}) " + TIME + " GMT");
  private static final Pattern RFC_850 =
      Pattern.compile("\\w{6,9}, (?<day>\\d{2})-(?<mon>\\w{3})-(?<year>\\d{2}) " + TIME + " GMT");
  private static final Pattern ASCTIME =
      Pattern.compile("\\w{3} (?<mon>\\w{3}) (?<day>[ \\d]\\d) " + TIME + " (?<year>\\d{4})");
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  private RetryAfter() {}

  /**
   * Reads the header.
   *
   * @param header seconds if shorter than 9 characters, else an HTTP date of any of the three forms
   * @param dateHeader the {@code Date} of the same response, to which a date is compared
   * @param now the local time, used if the response has no usable {@code Date}
   * @return wait in ms, 0..{@link #MAX_MS}; 0 for nonsense and for the past
   */
  public static long parse(String header, Optional<String> dateHeader, Instant now) {
    String text = header.strip();
    if (text.length() < DATE_LENGTH) {
      return seconds(text);
    }
    Optional<Instant> then = date(text, now);
    if (then.isEmpty()) {
      return 0;
    }
    Instant from = dateHeader.flatMap(date -> date(date.strip(), now)).orElse(now);
    return clamp(Duration.between(from, then.get()).toMillis());
  }

  private static long seconds(String digits) {
    long seconds = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      seconds = seconds * 10 + c - '0';
    }
    return clamp(seconds * 1000);
  }

  private static long clamp(long ms) {
    return Math.max(0, Math.min(ms, MAX_MS));
  }

  private static Optional<Instant> date(String text, Instant now) {
    for (Pattern form : List.of(FIXDATE, RFC_850, ASCTIME)) {
      Matcher matcher = form.matcher(text);
      if (matcher.matches()) {
        return instant(matcher, now);
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> instant(Matcher date, Instant now) {
    try {
      LocalDateTime time =
          LocalDateTime.of(
              year(date.group("year"), now),
              MONTHS.indexOf(date.group("mon")) + 1,
              number(date, "day"),
              number(date, "h"),
              number(date, "m"),
              Math.min(number(date, "s"), 59)); // a leap second
      return Optional.of(time.toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(Matcher date, String group) {
    return Integer.parseInt(date.group(group).strip());
  }

  /** A year of two digits is the latest with those digits that is at most 50 years ahead. */
  private static int year(String digits, Instant now) {
    int year = Integer.parseInt(digits);
    if (digits.length() == 4) {
      return year;
    }
    int latest = now.atZone(ZoneOffset.UTC).getYear() + 50;
    return latest - Math.floorMod(latest - year, 100);
  }
}
