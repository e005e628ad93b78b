package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.StreamSupport;

/** A real Chromium without a window, and a user who looks at a page in it, and types. */
final class Browser implements AutoCloseable {

    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Where the last run's pictures are, for people to look at. */
    private static final Path PICTURES = Tiny.HOME.resolve("target/screenshots");

    /** Finds texts whose contrast with what is behind them is less than 4.5 to 1; WCAG 2.2, 1.4.3. */
    private static final String PALE = """
            const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
            const colour = (text) => {
              probe.clearRect(0, 0, 1, 1); probe.fillStyle = text; probe.fillRect(0, 0, 1, 1);
              return [...probe.getImageData(0, 0, 1, 1).data];
            };
            const light = (rgb) => rgb.slice(0, 3).map((part) => part / 255)
              .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
              .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
            // A drawing has shapes behind its texts: the last one that was drawn there before.
            const drawn = (element) => {
              const own = element.getBoundingClientRect();
              const x = (own.left + own.right) / 2, y = (own.top + own.bottom) / 2;
              return [...element.ownerSVGElement.querySelectorAll('rect, circle, path')].filter((shape) => {
                const { left, right, top, bottom } = shape.getBoundingClientRect();
                return shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING
                  && left <= x && x <= right && top <= y && y <= bottom;
              }).map((shape) => getComputedStyle(shape).fill).filter((fill) => fill !== 'none').map(colour)
                .filter((fill) => fill[3] === 255).at(-1);
            };
            const behind = (element) => {
              const shape = element.ownerSVGElement && drawn(element);
              if (shape) { return shape; }
              for (let it = element; it; it = it.parentElement) {
                const found = colour(getComputedStyle(it).backgroundColor);
                if (found[3] === 255) { return found; }
              }
              return [255, 255, 255, 255];
            };
            return [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility()
              && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
              .map((element) => {
                const style = getComputedStyle(element);
                const one = light(colour(element.ownerSVGElement ? style.fill : style.color));
                const other = light(behind(element));
                return [element.getAttribute('class') + ' ' + element.textContent.slice(0, 20),
                  (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)];
              }).filter(([, contrast]) => contrast < 4.5).map(([what, contrast]) => what + ' ' + contrast);
            """;

    static {
        // It warns that it knows no protocol of this Chromium's age; what is used here is older than both.
        SELENIUM.setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;

    /** @param profile a directory that does not exist yet */
    Browser(Path profile) {
        ChromeOptions options = new ChromeOptions().setBinary("/usr/bin/chromium").addArguments("--headless",
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
                "--user-data-dir=" + profile);
        LoggingPreferences wanted = new LoggingPreferences();
        wanted.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", wanted);
        driver = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(
                new File("/usr/bin/chromedriver")).build(), options);
        window(1360, 900);
    }

    void window(int width, int height) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** @param scheme {@code light} or {@code dark}, as the user's desktop is */
    void scheme(String scheme) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name",
                "prefers-color-scheme", "value", scheme))));
    }

    void open(String url) {
        // Another fragment alone would not load the page again.
        driver.get("about:blank");
        driver.get(url);
    }

    String address() {
        return driver.getCurrentUrl();
    }

    Object script(String source, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(source, arguments);
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    /** Clicks on what a selector finds, again where the page has drawn it anew meanwhile. */
    void click(String selector) {
        await(() -> find(selector).click());
    }

    /** The texts of all elements that a selector finds. */
    List<String> texts(String selector) {
        return driver.findElements(By.cssSelector(selector)).stream().map(WebElement::getText).toList();
    }

    void await(Check check) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsMatching(e -> e instanceof NoSuchElementException
                        || e instanceof StaleElementReferenceException
                        // Of a list of none.
                        || e instanceof java.util.NoSuchElementException).untilAsserted(check::check);
    }

    /** What shall be so. */
    interface Check {
        void check();
    }

    /** Clicks on a container in the list of the dashboard, and waits until it is shown. */
    void choose(String name) {
        await(() -> assertThat(texts("#list .name")).contains(name));
        script("""
                [...document.querySelectorAll('#list a')].find((link) => link.innerText.startsWith(arguments[0]))
                  .click()
                """, name);
        await(() -> assertThat(texts("#detail-title")).containsExactly(name));
    }

    /** Presses keys, one after the other, wherever the focus is. */
    void press(Keys... keys) {
        Actions actions = new Actions(driver);
        for (Keys key : keys) {
            actions.sendKeys(key);
        }
        actions.perform();
    }

    /** The same with the shift key held. */
    void back(Keys... keys) {
        Actions actions = new Actions(driver).keyDown(Keys.SHIFT);
        for (Keys key : keys) {
            actions.sendKeys(key);
        }
        actions.keyUp(Keys.SHIFT).perform();
    }

    /** What has the focus: its id, or else its text. */
    String focused() {
        return (String) script("const it = document.activeElement; return it.id || it.innerText.split('\\n')[0]");
    }

    /** What the browser has complained of since the last time. */
    List<String> complaints() {
        return StreamSupport.stream(driver.manage().logs().get(LogType.BROWSER).spliterator(), false)
                .map(LogEntry::getMessage).toList();
    }

    /** Every text that can hardly be read, and its contrast. */
    List<?> pale() {
        return (List<?>) script(PALE);
    }

    void picture(String name) throws IOException {
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
