package dev.tinydocker.explain;

import dev.tinydocker.problem.Nearest;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The pages on what containers are made of: resources of one form, read when somebody asks. */
@Component
public class Subjects {

    private static final int MOST_NEAR = 3;
    /** Such a word, as uts or dns, ends with an s of its own. */
    private static final int SHORT = 3;
    /** In the order in which they are best read. */
    private static final List<String> NAMES = List.of("namespace", "mount", "overlay", "image", "volume", "pivot_root",
            "proc", "devices", "pid", "signals", "terminal", "uts", "ipc", "time", "user-namespace", "capabilities",
            "no_new_privs", "seccomp", "landlock", "cgroup", "rlimits", "veth", "nat", "dns", "shim");

    /** All pages. */
    public List<Subject> all() {
        return NAMES.stream().map(Subjects::read).toList();
    }

    /**
     * The page on a subject, by its name or another word for it. Neither capitals, what stands between its words, nor
     * the s of many matters; and a kind of namespace may be called one: {@code pid-namespace}, {@code netns}.
     */
    public Optional<Subject> find(String word) {
        String letters = letters(word);
        return page(singular(letters)).or(() -> page(singular(letters.replaceFirst("(namespaces?|ns)$", ""))));
    }

    private Optional<Subject> page(String key) {
        return key.isEmpty() ? Optional.empty() : all().stream().filter(subject -> words(subject)
                .anyMatch(each -> singular(letters(each)).equals(key))).findFirst();
    }

    private static String letters(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_ ./]", "");
    }

    /** Of two words for one the same; it need not be a word. */
    private static String singular(String letters) {
        return letters.length() > SHORT && letters.endsWith("s") ? letters.substring(0, letters.length() - 1) : letters;
    }

    /** Every word that finds a page. */
    public List<String> words() {
        return all().stream().flatMap(Subjects::words).toList();
    }

    private static Stream<String> words(Subject subject) {
        return Stream.concat(Stream.of(subject.name()), subject.also().stream());
    }

    /** Words that find a page, for one that finds none: the nearest first, one of each page, a few at most. */
    public List<String> near(String word) {
        Map<String, String> pages = new LinkedHashMap<>();
        Nearest.all(word.toLowerCase(Locale.ROOT), words())
                .forEach(near -> pages.putIfAbsent(find(near).orElseThrow().name(), near));
        return pages.values().stream().limit(MOST_NEAR).toList();
    }

    private static Subject read(String name) {
        try (InputStream page = Subjects.class.getResourceAsStream("/explain/" + name + ".txt")) {
            if (page == null) {
                throw new IllegalStateException("the page '" + name + "' is not in the program");
            }
            return Subject.parse(name, new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
