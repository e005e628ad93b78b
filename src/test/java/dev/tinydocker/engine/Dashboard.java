package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** An engine of a test's own, and a browser for its dashboard. Closed, nothing of it is left on the host. */
final class Dashboard implements AutoCloseable {

    final Tiny tiny;
    final Browser browser;
    /** The page's address without a token. */
    final String home;

    Dashboard(Path directory) throws IOException {
        tiny = new Tiny(directory).with("TINY_METRICS_PORT", "0");
        try {
            home = tiny.ok("dashboard").strip().replaceFirst("#.*", "");
            browser = new Browser(directory.resolve("profile"));
        } catch (IOException | RuntimeException | AssertionError e) {
            tiny.close();
            throw e;
        }
    }

    /** Opens the page with a token that is good for all of it. */
    void open() throws IOException {
        browser.open(tiny.ok("dashboard").strip());
        browser.await(() -> assertThat(browser.texts("#access")).containsExactly("full access"));
    }

    @Override
    public void close() throws IOException {
        browser.close();
        tiny.close();
        tiny.awaitNothingLeft();
    }
}
