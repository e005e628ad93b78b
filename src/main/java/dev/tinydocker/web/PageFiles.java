package dev.tinydocker.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The files of the dashboard's page, which are in the program: these and no others, whatever is asked for. */
final class PageFiles {

    private static final String DIRECTORY = "/dashboard/";
    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css",
            "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");
    private static final List<String> NAMES = List.of("index.html", "icon.svg", "theme.css", "layout.css", "list.css",
            "detail.css", "anatomy.css", "main.js", "ask.js", "words.js", "elements.js", "figures.js", "chart.js",
            "charts.js", "tiles.js", "list.js", "detail.js", "logs.js", "locked.js", "anatomy.js", "sheet.js",
            "inside.js", "outside.js");

    private final Map<String, Answer> read = new ConcurrentHashMap<>();

    Answer find(String path) {
        String name = path.equals("/") ? NAMES.getFirst() : path.substring(1);
        return NAMES.contains(name) ? read.computeIfAbsent(name, PageFiles::read)
                : Answer.text(Answer.NOT_FOUND, "there is no such page");
    }

    private static Answer read(String name) {
        try (InputStream in = PageFiles.class.getResourceAsStream(DIRECTORY + name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + name);
            }
            return new Answer(Answer.OK, TYPES.getOrDefault(name.substring(name.indexOf('.') + 1), ""),
                    in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
