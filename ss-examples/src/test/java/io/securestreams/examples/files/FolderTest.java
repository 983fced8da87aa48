package io.securestreams.examples.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderTest {

  @TempDir private Path parent;

  private Path root;
  private Folder folder;

  @BeforeEach
  void fill() throws IOException {
    root = Files.createDirectories(parent.resolve("site"));
    Files.writeString(parent.resolve("secret.txt"), "not for you");
    Files.createDirectories(parent.resolve("site-of-others"));
    Files.writeString(parent.resolve("site-of-others/secret.txt"), "not for you");
    write("index.html");
    write("sub/index.html");
    write("sub/page.html");
    write("two words.txt");
    write("100%.txt");
    write("üñí.txt");
    write("...");
    Files.createSymbolicLink(root.resolve("out.txt"), parent.resolve("secret.txt"));
    Files.createSymbolicLink(root.resolve("parent"), parent);
    Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
    Files.createSymbolicLink(root.resolve("in.html"), root.resolve("sub/page.html"));
    folder = new Folder(root);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "/, index.html",
    "/index.html, index.html",
    "/sub/, sub/index.html",
    "/sub/page.html, sub/page.html",
    "/sub/../index.html, index.html",
    "/sub/%2E%2E/index.html, index.html",
    "/./index.html, index.html",
    "/two%20words.txt, two words.txt",
    "/100%25.txt, 100%.txt",
    "/%C3%BC%C3%B1%C3%AD.txt, üñí.txt",
    "/..., ...",
    "/in.html, sub/page.html",
  })
  void findsWhatLiesBelow(String path, String file) throws IOException {
    assertThat(folder.find(path).map(Folder.Entry::path)).contains(root.toRealPath().resolve(file));
  }

  @ParameterizedTest(name = "'{0}'")
  @ValueSource(
      strings = {
        "/missing.html",
        "/sub",
        "/index.html/",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%2fsecret.txt",
        "/sub/../../secret.txt",
        "/%252e%252e/secret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/../site-of-others/secret.txt",
        "/out.txt",
        "/parent/secret.txt",
        "/loop",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/index.html%00",
        "/%00",
        "/%",
        "/%zz",
        "*",
        "",
      })
  void findsNothingElse(String path) {
    assertThat(folder.find(path)).isEmpty();
  }

  @Test
  void neverLeavesWhereverAPathLeads() throws IOException {
    String absolute = parent.resolve("secret.txt").toRealPath().toString();

    assertThat(folder.find(absolute)).isEmpty();
    assertThat(folder.find("/" + absolute)).isEmpty();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "a.html, text/html;charset=utf-8",
    "a.css, text/css;charset=utf-8",
    "a.js, text/javascript;charset=utf-8",
    "a.JSON, application/json",
    "a.svg, image/svg+xml",
    "a.png, image/png",
    "a.webp, image/webp",
    "a.woff2, font/woff2",
    "a.wasm, application/wasm",
    "a.zip, application/zip",
    "a, application/octet-stream",
    "a.unheard-of, application/octet-stream",
  })
  void knowsTheMediaTypeByTheName(String name, String mime) throws IOException {
    write(name);

    assertThat(folder.find("/" + name).map(Folder.Entry::mime)).contains(mime);
  }

  private void write(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }
}
