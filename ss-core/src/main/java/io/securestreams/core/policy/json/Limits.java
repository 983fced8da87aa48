package io.securestreams.core.policy.json;

/** The numbers of the policy language that bound a value, a list or a name. */
final class Limits {

  /** The greatest number of 16 bits. */
  static final long U16 = 65_535;

  /** The greatest number of 32 bits. */
  static final long U32 = 4_294_967_295L;

  /** Delays of a retry scheme. */
  static final int BACKOFF_LEVELS = 8;

  /** Certificates of a trust store. */
  static final int STACK = 6;

  /** Metadata declarations of a stream type. */
  static final int DECLARATIONS = 255;

  /** Entries of a response map. */
  static final int RESPONSES = 16;

  /** Characters of the name of a definition. */
  static final int NAME = 127;

  /** Characters of the name of a metadata declaration. */
  static final int METADATA_NAME = 31;

  /** Characters of a text that is not a certificate. */
  static final int TEXT = 4096;

  /** The lowest HTTP status. */
  static final int FIRST_STATUS = 100;

  /** The highest HTTP status. */
  static final int LAST_STATUS = 599;

  /** The first state that an application may give a meaning to. */
  static final int FIRST_USER_STATE = 1000;

  /** The one state of the language itself that a status may be mapped to: AUTH_FAILED. */
  static final int AUTH_FAILED = 4;

  private Limits() {}
}
