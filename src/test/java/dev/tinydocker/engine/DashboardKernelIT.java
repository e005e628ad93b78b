package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The dashboard of a real engine, in a real browser, with a user who looks, clicks and types. */
@Timeout(180)
class DashboardKernelIT {

    /** In a command, in what it writes, in labels: nothing of it is ever more than text. */
    private static final String HOSTILE = "<img src=x onerror=\"window.pwned=1\"><script>window.pwned=1</script>";

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
        tiny.ok("run", "-d", "--name", "burn", "--cpus", "0.5", "-m", "64m", "busybox", "sh", "-c",
                "while :; do :; done");
        tiny.ok("run", "-d", "--name", "talk", "--label", "say=" + HOSTILE, "busybox", "sh", "-c",
                "echo \"$1\"; printf 'a\\033[31mred\\033[0m\\a\\n'; echo wrong >&2; mkfifo /later; cat /later & exec sleep 1000",
                "sh", HOSTILE);
        assertThat(tiny.tiny("run", "--name", "ended", "busybox", "sh", "-c", "exit 3").status()).isEqualTo(3);
    }

    @AfterAll
    static void nothingIsLeft() throws IOException {
        if (dashboard != null) {
            dashboard.close();
        }
    }

    /** The policy of the page is never even tried. */
    @AfterEach
    void theBrowserHasNoComplaint() {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.script("return window.pwned")).isNull();
    }

    private static void openWithToken() throws IOException {
        browser.scheme("light");
        browser.window(1360, 900);
        dashboard.open();
    }

    @Test
    void whoHasNoTokenSeesWhatMetricsTellAndNoMore() {
        browser.open(home);
        browser.script("sessionStorage.clear()");
        browser.open(home);
        browser.await(() -> assertThat(browser.texts("#list .name")).containsExactly("talk", "burn"));
        assertThat(browser.texts("#access")).containsExactly("figures only");
        browser.choose("burn");
        browser.await(() -> assertThat(number(browser.texts(".panel .value").getFirst())).isBetween(25.0, 70.0));
        assertThat(browser.texts(".deed")).isEmpty();
        assertThat(browser.texts(".command")).containsExactly("");
        browser.click("#tab-log");
        browser.await(() -> assertThat(browser.texts(".locked").getFirst()).contains("tiny dashboard"));
        assertThat((String) browser.script("return document.body.innerText")).doesNotContain("while :", "ended");
    }

    private static double number(String text) {
        return text.matches("[0-9].*") ? Double.parseDouble(text.replaceFirst(" .*", "")) : -1;
    }

    @Test
    void theListIsThereAndFiguresMove() throws IOException {
        openWithToken();
        assertThat(browser.address()).isEqualTo(home).doesNotContain("token");
        browser.await(() -> assertThat(browser.texts("#list .name")).containsExactly("talk", "burn", "ended"));
        browser.await(() -> assertThat(browser.texts("#list .state").getLast()).startsWith("exited with 3"));
        browser.choose("burn");
        String curve = "return document.querySelector('.panel .line.cpu').getAttribute('d')";
        browser.await(() -> assertThat((String) browser.script(curve)).contains("L"));
        String before = (String) browser.script(curve);
        browser.await(() -> assertThat((String) browser.script(curve)).isNotEqualTo(before));
        browser.await(() -> assertThat(browser.texts(".numbers dd").get(2)).contains("s by its quota"));
        tiny.ok("run", "-d", "--name", "late", "busybox", "sleep", "1000");
        browser.await(() -> assertThat(browser.texts("#list .name")).startsWith("late"));
        tiny.ok("rm", "-f", "late");
        browser.await(() -> assertThat(browser.texts("#list .name")).doesNotContain("late"));
    }

    @Test
    void theLogFollowsAndNothingInItIsMoreThanText() throws IOException {
        openWithToken();
        browser.choose("talk");
        assertThat(browser.texts(".command").getFirst()).contains(HOSTILE);
        browser.click("#tab-log");
        browser.await(() -> assertThat(browser.texts(".lines .text")).containsExactly(HOSTILE, "ared\\u0007", "wrong"));
        assertThat(browser.texts(".lines .stderr .text")).containsExactly("wrong");
        tiny.ok("exec", "talk", "sh", "-c", "(echo \"$0\"; echo again) >/later", "<b>late</b>");
        browser.await(() -> assertThat(browser.texts(".lines .text")).endsWith("wrong", "<b>late</b>", "again"));
        assertThat((long) browser.script("return document.querySelectorAll('main img, main script, main b').length"))
                .isZero();
        browser.picture("log-light");
        browser.scheme("dark");
        browser.await(() -> assertThat(browser.pale()).isEmpty());
        browser.picture("log-dark");
    }

    @Test
    void theAnatomyIsTheKernelsAndEachPartSaysWhatItIs() throws IOException {
        openWithToken();
        browser.choose("talk");
        browser.click("#tab-anatomy");
        browser.await(() -> assertThat(browser.texts(".anatomy .part[data-part=process]")).hasSize(1));
        String pid = tiny.ok("inspect", "-f", "{{.State.Pid}}", "talk").strip();
        for (String kind : List.of("mnt", "pid", "net", "uts", "ipc", "user", "cgroup")) {
            String number = Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + kind)).toString()
                    .replaceAll("[^0-9]", "");
            shows("[data-part=ns-" + kind + "]", kind + "\n" + number);
        }
        shows("[data-part=process]", "sleep 1000");
        shows("[data-part=process]", "pid 1 inside, " + pid + " outside");
        browser.await(() -> assertThat(browser.texts(".plate.writable, .plate")).hasSizeGreaterThan(1));
        shows("[data-part=link-eth0]", "eth0");
        // From the tab to what it shows, and into that.
        browser.press(Keys.TAB, Keys.TAB);
        assertThat(browser.script("return document.activeElement.dataset.part")).isEqualTo("process");
        shows(".caption h3", "Process " + pid);
        browser.press(Keys.ARROW_LEFT);
        shows(".caption h3", "Namespace time");
        browser.press(Keys.ARROW_LEFT);
        shows(".caption h3", "Namespace cgroup");
        shows(".caption code", "CLONE_NEWCGROUP");
        browser.picture("anatomy-light");
        browser.scheme("dark");
        browser.await(() -> assertThat(browser.pale()).isEmpty());
        browser.picture("anatomy-dark");
        for (int width : List.of(1280, 390)) {
            browser.window(width, 844);
            browser.await(() -> assertThat((boolean) browser.script(
                    "return document.documentElement.scrollWidth <= innerWidth")).isTrue());
            browser.await(() -> assertThat(browser.pale()).isEmpty());
            browser.picture("anatomy-" + width);
        }
    }

    /** Figures in a drawing change: then it is drawn anew, and an element that was just found is none of it any more. */
    private static void shows(String selector, String text) {
        browser.await(() -> assertThat(browser.texts(selector).getFirst()).contains(text));
    }

    @Test
    void aKeyboardIsEnough() throws IOException {
        tiny.ok("run", "-d", "--name", "goes", "--stop-signal", "KILL", "busybox", "sleep", "1000");
        openWithToken();
        browser.await(() -> assertThat(browser.texts("#list .name")).startsWith("goes", "talk"));
        browser.press(Keys.TAB);
        assertThat(browser.focused()).isEqualTo("To the containers");
        browser.press(Keys.TAB);
        assertThat(browser.focused()).isEqualTo("goes");
        browser.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        assertThat(browser.focused()).isEqualTo("burn");
        assertThat(browser.script("return getComputedStyle(document.activeElement).outlineStyle")).isEqualTo("solid");
        browser.press(Keys.HOME);
        browser.press(Keys.ENTER);
        browser.await(() -> assertThat(browser.focused()).isEqualTo("detail-title"));
        browser.press(Keys.TAB);
        assertThat(browser.focused()).isEqualTo("Stop");
        browser.press(Keys.TAB, Keys.TAB);
        assertThat(browser.focused()).isEqualTo("tab-figures");
        browser.press(Keys.ARROW_LEFT);
        assertThat(browser.focused()).isEqualTo("tab-log");
        assertThat(browser.texts("[role=tab][aria-selected=true]")).containsExactly("Log");
        browser.press(Keys.ARROW_RIGHT);
        browser.back(Keys.TAB, Keys.TAB);
        assertThat(browser.focused()).isEqualTo("Stop");
        browser.press(Keys.ENTER);
        browser.await(() -> assertThat(browser.texts(".facts").getFirst()).startsWith("exited with 137"));
        browser.await(() -> assertThat(browser.texts(".deed")).containsExactly("Remove"));
        assertThat(browser.focused()).isEqualTo("detail-title");
        browser.press(Keys.TAB, Keys.ENTER);
        browser.await(() -> assertThat(browser.texts(".deed")).containsExactly("Remove: sure?"));
        browser.press(Keys.ENTER);
        browser.await(() -> assertThat(browser.texts("#list .name")).doesNotContain("goes"));
        browser.await(() -> assertThat(browser.focused()).isEqualTo("detail-title"));
        assertThat(tiny.tiny("inspect", "goes").status()).isEqualTo(1);
    }

    @Test
    void itIsReadableInLightAndDarkAndOnANarrowScreen() throws IOException {
        openWithToken();
        browser.choose("burn");
        browser.await(() -> assertThat(number(browser.texts(".panel .value").getFirst())).isPositive());
        for (String scheme : List.of("light", "dark")) {
            browser.scheme(scheme);
            browser.await(() -> assertThat((boolean) browser.script(
                    "return matchMedia('(prefers-color-scheme: dark)').matches")).isEqualTo(scheme.equals("dark")));
            // Colours change in a moment, not at once.
            browser.await(() -> assertThat(browser.pale()).as(scheme).isEmpty());
            browser.picture("dashboard-" + scheme);
        }
        browser.window(390, 844);
        browser.await(() -> assertThat((boolean) browser.script(
                "return document.documentElement.scrollWidth <= innerWidth")).isTrue());
        browser.picture("dashboard-narrow");
        browser.scheme("light");
    }

    @Test
    void thePageOfSomebodyElseReadsAndChangesNothing() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] page = "<!doctype html><title>other</title>".getBytes(StandardCharsets.UTF_8);
        other.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        other.start();
        try {
            String token = tiny.ok("dashboard").strip().replaceFirst(".*token=", "");
            String id = tiny.ok("inspect", "-f", "{{.Id}}", "talk").strip();
            browser.open("http://127.0.0.1:" + other.getAddress().getPort() + "/");
            browser.script("""
                    window.results = [];
                    const [home, id, token] = arguments;
                    const headers = { Authorization: `Bearer ${token}` };
                    const ask = (path, options) => fetch(home + path, options)
                      .then(async (answer) => results.push(`${answer.type} ${(await answer.text()).length}`),
                        () => results.push('refused'));
                    ask('api/containers', {});
                    ask('metrics', { mode: 'no-cors' });
                    ask(`api/containers/${id}/stop`, { method: 'POST', headers });
                    ask(`api/containers/${id}/stop`, { method: 'POST', mode: 'no-cors' });
                    """, home, id, token);
            browser.await(() -> assertThat((List<?>) browser.script("return results")).hasSize(4));
            assertThat(((List<?>) browser.script("return results")).stream().map(Object::toString)).allMatch(
                    result -> result.equals("refused") || result.equals("opaque 0"));
            assertThat(tiny.ok("inspect", "-f", "{{.State.Status}}", "talk").strip()).isEqualTo("running");
            browser.complaints();
        } finally {
            other.stop(0);
            browser.open(home);
        }
    }

    @Test
    void anEngineThatIsGoneIsTold() throws IOException {
        Path root = Files.createDirectory(directory.resolve("second"));
        try (Tiny second = new Tiny(root).with("TINY_METRICS_PORT", "0")) {
            String page = second.tiny("dashboard").out().strip();
            browser.open(page);
            browser.await(() -> assertThat(browser.texts("#list .empty").getFirst()).startsWith("Nothing runs."));
            assertThat(browser.texts("#detail-title")).containsExactly("There is no container");
            ProcessHandle engine = second.engine();
            engine.destroy();
            Tiny.awaitEnd(engine);
            browser.await(() -> assertThat(browser.texts("#banner").getFirst())
                    .startsWith("The engine does not answer."));
            // The next one serves the page again, by itself, but does not know its token; the page goes on saying so.
            second.with("TINY_METRICS_PORT", page.replaceFirst(".*:([0-9]+)/.*", "$1")).ok("version");
            browser.await(() -> assertThat(browser.texts("#pulse")).containsExactly("live"));
            browser.await(() -> assertThat(browser.texts("#banner").getFirst()).contains("figures only",
                    "'tiny dashboard'"));
            assertThat(browser.texts("#access")).containsExactly("figures only");
            browser.open(second.ok("dashboard").strip());
            browser.await(() -> assertThat(browser.texts("#access")).containsExactly("full access"));
            assertThat(browser.find("#banner").isDisplayed()).isFalse();
        }
        browser.open(home);
        browser.complaints();
    }
}
