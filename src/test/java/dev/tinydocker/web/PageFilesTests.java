package dev.tinydocker.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class PageFilesTests {

    private static final Path DIRECTORY = Path.of("src/main/resources/dashboard");
    private static final Pattern REFERENCE = Pattern
            .compile("(?:from '\\./|(?:src|href)=\")([a-z.]+\\.(?:js|css|svg))");
    private static final Pattern OUTSIDE = Pattern.compile("//(?!www\\.w3\\.org/2000/svg)[a-z0-9.-]+\\.[a-z]+/");

    private final PageFiles files = new PageFiles();

    private static List<Path> sources() throws IOException {
        try (Stream<Path> list = Files.list(DIRECTORY)) {
            return list.sorted().toList();
        }
    }

    @Test
    void everyFileIsServedWithItsType() throws IOException {
        assertThat(sources()).isNotEmpty();
        for (Path source : sources()) {
            Answer answer = files.find("/" + source.getFileName());
            assertThat(answer.status()).as("%s", source).isEqualTo(200);
            assertThat(answer.type()).as("%s", source).isNotEmpty();
            assertThat(answer.body().toByteArray()).isEqualTo(Files.readAllBytes(source));
        }
    }

    @Test
    void whatAFileNeedsIsThere() throws IOException {
        for (Path source : sources()) {
            REFERENCE.matcher(Files.readString(source)).results().map(found -> found.group(1)).forEach(name ->
                    assertThat(DIRECTORY.resolve(name)).as("%s names %s", source, name).exists());
        }
    }

    /** The Content-Security-Policy would refuse most of it; nothing shall be in need of that. */
    @Test
    void noFileMakesMarkupFromStringsOrAsksAnybodyElse() throws IOException {
        for (Path source : sources()) {
            String text = Files.readString(source);
            assertThat(text).as("%s", source).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML",
                    "document.write", "eval(", "new Function", "srcdoc", "javascript:", " style=", "onclick=\"");
            assertThat(OUTSIDE.matcher(text).results().map(found -> found.group()).toList()).as("%s", source).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "/nothing.js", "/../application.properties", "//index.html", "/index.html/",
        "/dashboard/main.js", "/Index.html" })
    void nothingElseIsServed(String path) {
        assertThat(files.find(path).status()).isEqualTo(404);
    }

    @Test
    void theBeginningIsThePage() {
        assertThat(files.find("/").body().toString(StandardCharsets.UTF_8)).startsWith("<!doctype html>");
    }
}
