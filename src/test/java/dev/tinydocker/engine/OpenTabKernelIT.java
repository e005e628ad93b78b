package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A tab of the dashboard that is open while things change: its token, the focus, logs, and what figures are from. */
@Timeout(180)
class OpenTabKernelIT {

    @TempDir
    static Path directory;

    private static Dashboard dashboard;
    private static Tiny tiny;
    private static Browser browser;
    private static String home;

    @BeforeAll
    static void begin() throws IOException {
        dashboard = new Dashboard(directory);
        tiny = dashboard.tiny;
        browser = dashboard.browser;
        home = dashboard.home;
        tiny.ok("run", "-d", "--name", "older", "busybox", "sleep", "1000");
        tiny.ok("run", "-d", "--name", "newer", "busybox", "sleep", "1000");
    }

    @AfterAll
    static void nothingIsLeft() throws IOException {
        if (dashboard != null) {
            dashboard.close();
        }
    }

    /** But that a log is not there which was asked for when its container had just gone. */
    @AfterEach
    void theBrowserHasNoComplaint() {
        assertThat(browser.complaints()).allMatch(complaint -> complaint.matches(".*/logs(\\?\\S*)? .* 404 .*"));
    }

    private static void open(String name) throws IOException {
        dashboard.open();
        browser.choose(name);
    }

    /** Long enough for the page to ask the engine again. */
    private static void letItAsk() {
        browser.script("return new Promise((done) => setTimeout(done, 2500))");
    }

    /** As one does who puts an address into the bar of a tab that shows the page. */
    private static void paste(String address) {
        browser.script("location.href = arguments[0]", address);
        browser.await(() -> assertThat(browser.texts("#access")).containsExactly("full access"));
        assertThat(browser.address()).startsWith(home).doesNotContain("token");
    }

    @Test
    void anAddressWithATokenCanBePutIntoTheTabThatShowsThePage() throws IOException {
        browser.open(home);
        browser.script("sessionStorage.clear()");
        browser.open(home);
        browser.choose("older");
        assertThat(browser.texts("#access")).containsExactly("figures only");
        browser.script("window.sameTab = true");
        paste(tiny.ok("dashboard").strip());
        browser.await(() -> assertThat(browser.texts(".command")).containsExactly("sleep 1000"));
        assertThat(browser.texts("#detail-title")).containsExactly("older");

        String again = tiny.ok("dashboard", "--new").strip();
        browser.await(() -> assertThat(browser.texts("#access")).containsExactly("figures only"));
        paste(again);
        letItAsk();
        assertThat(browser.texts("#access")).containsExactly("full access");
        browser.script("history.back()");
        browser.await(() -> assertThat(browser.address()).startsWith(home).doesNotContain("token"));
        assertThat((boolean) browser.script("return window.sameTab")).isTrue();
        // What the earlier token was refused.
        assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("401"));
    }

    @Test
    void theWayToTheListLeavesWhatIsLookedAt() throws IOException {
        open("older");
        browser.script("document.querySelector('.skip').focus()");
        browser.press(Keys.ENTER);
        browser.await(() -> assertThat(browser.focused()).isEqualTo("list"));
        letItAsk();
        assertThat(browser.focused()).isEqualTo("list");
        assertThat(browser.texts("#detail-title")).containsExactly("older");
        browser.press(Keys.TAB);
        assertThat(browser.focused()).isEqualTo("newer");
    }

    @Test
    void theFocusStaysWhenAContainerIsGone() throws IOException {
        tiny.ok("run", "-d", "--name", "goes", "busybox", "sleep", "1000");
        open("goes");
        browser.click("#tab-log");
        browser.await(() -> assertThat(browser.focused()).isEqualTo("tab-log"));
        assertThat(browser.find(".error").getDomAttribute("role")).isEqualTo("alert");
        tiny.ok("rm", "-f", "goes");
        browser.await(() -> assertThat(browser.texts("#detail-title")).doesNotContain("goes"));
        assertThat(browser.focused()).isEqualTo("detail-title");
    }

    private static List<?> lines() {
        return (List<?>) browser.script(
                "return [...document.querySelectorAll('.lines .text')].map((text) => text.textContent)");
    }

    /** More lines than an answer has, all of one moment, and then a few. */
    @Test
    void aLogThatBeganWithAFloodIsFollowed() throws IOException {
        tiny.ok("run", "-d", "--name", "flood", "busybox", "sh", "-c",
                "mkfifo /later; echo \"$(seq 1000 2999)\"; cat /later & exec sleep 1000");
        open("flood");
        browser.click("#tab-log");
        List<String> known = IntStream.range(2500, 3000).mapToObj(Integer::toString).toList();
        browser.await(() -> assertThat(lines()).isEqualTo(known));
        letItAsk();
        assertThat(lines()).isEqualTo(known);
        tiny.ok("exec", "flood", "sh", "-c", "(echo one; echo two; echo three) >/later");
        browser.await(() -> assertThat(lines()).isEqualTo(Stream.concat(known.stream(),
                Stream.of("one", "two", "three")).toList()));
        assertThat(browser.texts(".lines .gap")).isEmpty();
        tiny.ok("rm", "-f", "flood");
    }

    @Test
    void aLineThatDoesNotEndIsShownInPieces() throws IOException {
        tiny.ok("run", "-d", "--name", "endless", "busybox", "sh", "-c",
                "head -c 1000000 /dev/zero | tr '\\0' x; exec sleep 1000");
        open("endless");
        browser.click("#tab-log");
        browser.await(() -> assertThat(lines()).hasSizeGreaterThan(1));
        assertThat(lines()).allMatch(line -> line.toString().length() < 24 * 1024);
        tiny.ok("rm", "-f", "endless");
    }

    /** The page's own modules, which are given what the page would be told. */
    private static Object module(String name, String script) {
        return browser.script("return import(`${location.origin}/" + name + "?again`).then((it) => {" + script + "})");
    }

    @Test
    void figuresBeginAnewWhereTheHostDoes() throws IOException {
        open("older");
        assertThat(module("figures.js", """
                const told = (hostNanos, nanos) => ({ host: { processors: 2, cpuNanos: hostNanos },
                  containers: [{ id: 'one', use: { cpuNanos: nanos, memoryBytes: 7, receivedBytes: 0, sentBytes: 0,
                    readBytes: 0, writtenBytes: 0 } }] });
                it.take(told(100e9, 5e9), 1000);
                it.take(told(102e9, 5e9), 2000);
                it.take(told(1e9, 0), 3000);
                it.take(told(3e9, 1e9), 4000);
                return it.history('one').map((moment) => `${moment.at} ${moment.cpu} %`).join(', ');
                """)).isEqualTo("3000 0 %, 4000 100 %");
    }

    @Test
    void curvesAreOfTwoMinutesHoweverManyAnswersThereWere() throws IOException {
        open("older");
        assertThat(module("chart.js", """
                const line = it.curve(100, ['cpu'], 'test');
                line.set([0, 60000, 120000].map((at) => ({ at, cpu: 0 })), 20);
                return line.image.querySelector('.line').getAttribute('d');
                """)).isEqualTo("M0.0 99.0L120.0 99.0L240.0 99.0");
    }
}
