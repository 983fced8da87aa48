package io.securestreams.core.metadata;

import java.util.Objects;
import java.util.Optional;

/**
 * A metadata name that a stream type declares.
 *
 * @param name the symbol, usable as {@code ${name}}
 * @param header the http header it maps to, without colon and in lower case; empty for a plain
 *     symbol
 */
public record MetadataDeclaration(String name, Optional<String> header) {

  /** Checks the components. */
  public MetadataDeclaration {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(header, "header");
  }
}
