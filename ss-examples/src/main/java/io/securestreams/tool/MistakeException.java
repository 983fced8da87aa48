package io.securestreams.tool;

/** Something that the person at the keyboard can mend; told in one sentence, without a trace. */
final class MistakeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String sentence;

  MistakeException(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  String sentence() {
    return sentence;
  }
}
