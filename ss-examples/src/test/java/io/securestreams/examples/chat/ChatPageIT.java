package io.securestreams.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.StreamServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import reactor.core.Disposable;

/** The page of the chat in a real browser, by real keys and clicks. */
@Tag("browser")
@Timeout(180)
class ChatPageIT {

  private final LocalPolicy policy = LocalPolicy.load(ChatExample.class, "policy.json");
  private final SecureStreams streams = SecureStreams.builder().policy(policy.json()).build();
  private final ChromeDriver browser = Chromium.start();
  private Disposable serving;

  @BeforeEach
  void serve() {
    StreamServer server = streams.serve("chat_srv");
    serving = new ChatServer().serve(server).subscribe(end -> {}, Throwable::printStackTrace);
    server.address().block();
  }

  @AfterEach
  void stop() {
    browser.quit();
    serving.dispose();
    streams.close();
  }

  @Test
  void whatOneTypesTheOtherShows() {
    String ann = openAndJoin("Ann");
    browser.switchTo().newWindow(WindowType.WINDOW);
    String bob = openAndJoin("Bob");
    stateIs("open", "connected, 2 people are here");

    browser.switchTo().window(ann);
    shows("note", "Bob came");
    stateIs("open", "connected, 2 people are here");
    browser.switchTo().activeElement().sendKeys("good day, Bob", Keys.ENTER);
    shows("said mine", "good day, Bob");

    browser.switchTo().window(bob);
    shows("said", "good day, Bob");
    browser.findElement(By.id("text")).sendKeys("<img src=x onerror=alert(1)> \uD83D\uDC4B");
    browser.findElement(By.id("send")).click();

    browser.switchTo().window(ann);
    shows("said", "<img src=x onerror=alert(1)>");
    assertThat(Chromium.console(browser)).isEmpty();

    browser.switchTo().window(bob);
    assertThat(browser.findElement(By.id("text")).getDomProperty("value")).isEmpty();
    assertThat(Chromium.console(browser)).isEmpty();
    browser.close();

    browser.switchTo().window(ann);
    shows("note", "Bob went");
    stateIs("open", "connected, nobody else is here");
  }

  @Test
  void saysThatTheServerIsGoneAndComesBackByItself() {
    openAndJoin("Ann");
    stateIs("open", "connected, nobody else is here");
    assertThat(Chromium.console(browser)).isEmpty();
    browser.findElement(By.id("text")).sendKeys("typed while ");

    serving.dispose();
    stateIs("waiting", "connection lost, next attempt in ");
    assertThat(browser.findElement(By.id("send")).isEnabled()).isFalse();
    browser.findElement(By.id("text")).sendKeys("you were away", Keys.ENTER);

    serve();
    stateIs("open", "connected, nobody else is here");
    browser.findElement(By.id("send")).click();
    shows("said mine", "typed while you were away");
    assertThat(Chromium.console(browser))
        .as("nothing but attempts that failed")
        .allMatch(line -> line.contains("WebSocket connection to"));
  }

  @Test
  void tellsAReaderOfTheScreenWhatIsWhat() {
    openAndJoin("Ann");
    stateIs("open", "connected, nobody else is here");

    assertThat(browser.switchTo().activeElement().getAccessibleName()).isEqualTo("Message");
    assertThat(browser.findElement(By.id("log")).getAriaRole()).isEqualTo("log");
    assertThat(browser.findElement(By.id("log")).getAccessibleName()).isEqualTo("Messages");
    assertThat(browser.findElement(By.id("state")).getAriaRole()).isEqualTo("status");
    assertThat(browser.findElement(By.id("send")).getAccessibleName()).isEqualTo("Send");
  }

  /** By the keyboard alone: the name has the focus. */
  private String openAndJoin(String name) {
    browser.get("http://127.0.0.1:" + policy.port() + "/");
    WebElement field = browser.switchTo().activeElement();
    assertThat(field.getAccessibleName()).isEqualTo("Your name");
    field.sendKeys(name, Keys.ENTER);
    return browser.getWindowHandle();
  }

  /** Waits for it. */
  private void stateIs(String kind, String words) {
    browser.findElement(
        By.xpath("//*[@id='state'][@data-state='" + kind + "'][contains(., '" + words + "')]"));
  }

  /** Waits for it. */
  private void shows(String kind, String words) {
    browser.findElement(
        By.xpath("//*[@id='log']/li[@class='" + kind + "'][contains(., '" + words + "')]"));
  }
}
