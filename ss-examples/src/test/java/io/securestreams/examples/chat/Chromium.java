package io.securestreams.examples.chat;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The Chromium of this machine, without a window. */
final class Chromium {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** It warns of what it would need for tests that look deeper into the browser. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private Chromium() {}

  /** Starts a browser; whoever asks for an element that is not there waits for it. */
  static ChromeDriver start() {
    SELENIUM.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(onPath("chromium", "chromium-browser", "google-chrome"));
    options.addArguments("--headless=new", "--disable-dev-shm-usage", "--disable-gpu");
    if (System.getProperty("user.name").equals("root")) {
      options.addArguments("--no-sandbox"); // Chromium refuses to start otherwise
    }
    options.setAcceptInsecureCerts(true); // it knows nobody who certifies servers of tests
    options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, Level.ALL.getName()));
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(onPath("chromedriver"))
            .usingAnyFreePort()
            .build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().implicitlyWait(PATIENCE);
    return driver;
  }

  /** What the current page has written to the console since this was last asked for. */
  static List<String> console(ChromeDriver driver) {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  private static File onPath(String... names) {
    List<String> folders = List.of(System.getenv("PATH").split(File.pathSeparator));
    Optional<File> found =
        Stream.of(names)
            .flatMap(name -> folders.stream().map(folder -> new File(folder, name)))
            .filter(File::canExecute)
            .findFirst();
    return found.orElseThrow(
        () ->
            new AssertionError(
                "none of "
                    + List.of(names)
                    + " is on the PATH; on Debian: apt-get install chromium-driver"));
  }
}
