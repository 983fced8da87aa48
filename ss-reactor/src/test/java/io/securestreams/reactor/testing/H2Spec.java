package io.securestreams.reactor.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The h2spec program for Linux on x86-64, which asks HTTP/2 servers what RFC 7540 demands. */
public final class H2Spec {

  private static final String ARCHIVE = "/h2spec/2.1.0/h2spec_linux_amd64.tar.gz";
  private static final long PATIENCE_SECONDS = 240;

  private final Path directory;

  /**
   * Unpacks the program.
   *
   * @param directory for it and its reports
   */
  public H2Spec(Path directory) {
    this.directory = directory;
    Path archive = directory.resolve("h2spec.tar.gz");
    try (InputStream in = H2Spec.class.getResourceAsStream(ARCHIVE)) {
      Files.copy(in, archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (run("tar", "-xzf", archive.toString(), "-C", directory.toString()) != 0) {
      throw new AssertionError("tar does not unpack " + ARCHIVE);
    }
  }

  /**
   * What came of the cases.
   *
   * @param cases how many there were
   * @param failed those that ended otherwise than they should, as {@code section title}
   */
  public record Report(int cases, Set<String> failed) {}

  /**
   * Runs cases against a port of the loopback.
   *
   * @param port of the server
   * @param tls with TLS, whatever the certificate
   * @param cases as {@code section/number}; none for all
   */
  public Report against(int port, boolean tls, String... cases) {
    Path report = directory.resolve("report.xml");
    List<String> command =
        new ArrayList<>(
            List.of(
                directory.resolve("h2spec").toString(),
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-j",
                report.toString()));
    if (tls) {
      command.addAll(List.of("-t", "-k"));
    }
    command.addAll(List.of(cases));
    run(command.toArray(String[]::new));
    return read(report);
  }

  private static Report read(Path report) {
    try {
      NodeList cases =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(report.toFile())
              .getElementsByTagName("testcase");
      Set<String> failed = new TreeSet<>();
      IntStream.range(0, cases.getLength())
          .mapToObj(i -> (Element) cases.item(i))
          .filter(H2Spec::hasFailed)
          .forEach(
              test ->
                  failed.add(test.getAttribute("package") + " " + test.getAttribute("classname")));
      return new Report(cases.getLength(), failed);
    } catch (IOException | ParserConfigurationException | SAXException e) {
      throw new AssertionError("no report of h2spec", e);
    }
  }

  private static boolean hasFailed(Element test) {
    return test.getElementsByTagName("*").getLength() > 0;
  }

  private int run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("output.txt").toFile())
              .start();
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError("still running: " + String.join(" ", command));
        }
        return process.exitValue();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
