package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The drawing of a container's anatomy, as a reader sees it in windows of several widths. */
@Timeout(180)
class DrawingKernelIT {

    @TempDir
    static Path directory;

    private static Dashboard dashboard;
    private static Browser browser;

    @BeforeAll
    static void begin() throws IOException {
        dashboard = new Dashboard(directory);
        browser = dashboard.browser;
        dashboard.tiny.ok("run", "-d", "--name", "web", "-m", "64m", "-p", "80", "busybox", "sleep", "1000");
        dashboard.tiny.ok("run", "--name", "gone", "busybox", "true");
        dashboard.open();
        browser.await(() -> assertThat(browser.texts("#list .name")).containsExactly("web", "gone"));
    }

    private static void draw(String name) {
        browser.window(1400, 900);
        browser.choose(name);
        browser.click("#tab-anatomy");
        browser.await(() -> assertThat(browser.texts(".anatomy .t-title")).containsExactly(name));
    }

    @AfterAll
    static void nothingIsLeft() throws IOException {
        if (dashboard != null) {
            dashboard.close();
        }
    }

    @Test
    void theCaptionCoversNothingThatItTellsOf() throws IOException {
        draw("web");
        for (int width : List.of(1400, 900, 390)) {
            browser.window(width, 900);
            browser.await(() -> assertThat((boolean) browser.script("""
                    const width = (selector) => document.querySelector(selector).clientWidth;
                    return width('.anatomy') === width('.place');
                    """)).isTrue());
            browser.script("scrollTo(0, 0)");
            assertThat((List<?>) browser.script("""
                    const caption = document.querySelector('.caption');
                    const over = (one) => {
                      const a = one.getBoundingClientRect(), b = caption.getBoundingClientRect();
                      return a.top < b.bottom - 1 && b.top < a.bottom - 1;
                    };
                    const covered = over(document.querySelector('.place')) ? ['the drawing at rest'] : [];
                    for (const part of document.querySelectorAll('.part')) {
                      part.focus();
                      const { top, bottom } = caption.getBoundingClientRect();
                      if (over(part) || top < 0 || bottom > innerHeight) { covered.push(part.dataset.part); }
                    }
                    return covered;
                    """)).as("%d wide", width).isEmpty();
            browser.picture("drawing-" + width);
        }
    }

    @Test
    void devicesAreCountedInTheDrawingAndNamedInItsCaption() {
        draw("web");
        assertThat((String) browser.script("return document.querySelector('.anatomy').textContent"))
                .doesNotContain("*:*");
        // Version 2 has a filter in place of a list.
        if (Files.exists(Path.of("/sys/fs/cgroup/devices"))) {
            String part = "[...document.querySelectorAll('.part')].find((it) => it.textContent.startsWith('devices'))";
            assertThat(browser.script("return " + part + ".textContent")).isEqualTo("devices10 kinds allowed");
            browser.script(part + ".focus()");
            browser.await(() -> assertThat(browser.texts(".caption code")).startsWith("devices.list").contains(
                    "c 1:3 rwm /dev/null: read, write, make", "b *:* m every block device: make"));
        }
    }

    @Test
    void rulesAreToldInTheDrawingAndQuotedInItsCaption() {
        draw("web");
        String part = "document.querySelector('[data-part=rules]')";
        assertThat(browser.script("return " + part + ".textContent"))
                .isEqualTo("packet filtersends as the host");
        browser.script(part + ".focus()");
        browser.await(() -> assertThat(browser.texts(".caption code"))
                .contains("ip saddr @subnets oifname != @bridges masquerade"));
    }

    /** The line from a cgroup's place in the tree to what it counts. */
    @Test
    void whatHasNoCgroupIsNotDrawnAsCounted() {
        draw("web");
        assertThat(browser.script("return document.querySelectorAll('.wire.counts').length")).isEqualTo(1L);
        draw("gone");
        assertThat(browser.script("return document.querySelectorAll('.wire.counts').length")).isEqualTo(0L);
    }
}
