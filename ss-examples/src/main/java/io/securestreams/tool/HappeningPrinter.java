package io.securestreams.tool;

/** Writes what happened to standard output. Called by one thread at a time. */
interface HappeningPrinter {

  void print(Happening happening);
}
