package io.securestreams.tool;

import io.securestreams.core.error.NearestName;
import io.securestreams.core.event.StreamState;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An end that the user asked for with {@code --until}. */
sealed interface Until {

  /**
   * A state was reached.
   *
   * @param code its code; 1000 and above are user states
   */
  record State(int code) implements Until {}

  /** A whole message was received. */
  record WholeMessage() implements Until {}

  /**
   * So many pieces of payload were received.
   *
   * @param count 1..999
   */
  record Payloads(int count) implements Until {}

  /**
   * Reads {@code STATE}, {@code eom} or a number.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  static Until parse(String text) {
    if (text.equals("eom")) {
      return new WholeMessage();
    }
    if (text.matches("\\d{1,9}")) {
      int number = Integer.parseInt(text);
      if (number == 0) {
        throw new IllegalArgumentException("0 payload events are reached before the start");
      }
      return number >= StreamState.USER_BASE ? new State(number) : new Payloads(number);
    }
    return StateNames.find(text)
        .map(state -> new State(state.code()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + text
                        + "' is not a state, not 'eom' and not a number"
                        + NearestName.hint(text, StateNames.all())));
  }

  /** Reads the value of the option. */
  final class Converter implements ITypeConverter<Until> {

    @Override
    public Until convert(String value) {
      try {
        return parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
