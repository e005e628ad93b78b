package dev.tinydocker.lesson;

import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.store.Layout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All lessons, and which of them have been done. */
@Service
public class Course {

    private static final Logger LOG = LoggerFactory.getLogger(Course.class);

    private final JdbcTemplate record;
    private final Layout layout;
    /** Numbers of the lessons that somebody does. */
    private final Set<Integer> begun = new HashSet<>();

    Course(JdbcTemplate record, Layout layout) {
        this.record = record;
        this.layout = layout;
    }

    /** The lessons in their order. */
    public static List<Lesson> lessons() {
        return Stream.iterate(1, number -> number + 1).map(Course::file).takeWhile(file -> !file.text.isEmpty())
                .map(file -> LessonFile.read(file.number, file.text)).toList();
    }

    /** @throws NotFound where there is none of that number */
    public Lesson lesson(String number) {
        List<Lesson> all = lessons();
        return all.stream().filter(lesson -> Integer.toString(lesson.number()).equals(number)).findFirst()
                .orElseThrow(() -> new NotFound("begin lesson '" + number + "'", "there is none of that number",
                        "there are 1 to " + all.size() + "; 'lesson' lists them"));
    }

    /**
     * A place to do a lesson's steps in; closing it cleans up.
     *
     * @param tree a directory with the files of a small Linux, which is not written to
     * @throws Conflict where somebody does this lesson already: addresses and names in it are the host's
     */
    public synchronized LessonShell begin(Lesson lesson, Path tree) {
        int number = lesson.number();
        if (begun.contains(number)) {
            throw new Conflict("begin lesson " + number, "it is being done at another terminal",
                    "end it there, with q, or do another one");
        }
        LessonShell shell = LessonShell.in(directory(lesson), lesson, variables(tree), () -> ended(lesson));
        begun.add(number);
        return shell;
    }

    private synchronized void ended(Lesson lesson) {
        begun.remove(lesson.number());
        try {
            Files.deleteIfExists(directory(lesson));
            Files.deleteIfExists(layout.lessons());
        } catch (IOException e) {
            LOG.debug("another lesson is under way, or this one could not be cleaned up", e);
        }
    }

    private Path directory(Lesson lesson) {
        return layout.lessons().resolve(Integer.toString(lesson.number()));
    }

    private Map<String, String> variables(Path tree) {
        return Map.of("TREE", tree.toString(), "TINY", layout.home().resolve("tiny").toString(),
                "TINY_RUN_ROOT", layout.runRoot().toString(), "TINY_DATA_ROOT", layout.dataRoot().toString());
    }

    /** Takes away what lessons have left whose engine was killed; to be called before one is begun. */
    public void recover() {
        if (!Files.isDirectory(layout.lessons())) {
            return;
        }
        for (Lesson lesson : lessons()) {
            Path directory = directory(lesson);
            try (Stream<Path> left = Files.isDirectory(directory) ? Files.list(directory) : Stream.of()) {
                left.forEach(each -> LessonShell.left(each, lesson, variables(Path.of("/"))).close());
            } catch (IOException | SystemFailure e) {
                LOG.warn("what lesson {} has left cannot be taken away", lesson.number(), e);
            }
            ended(lesson);
        }
    }

    /** When each lesson was done last, by its number. */
    public Map<Integer, Instant> done() {
        return record.query("SELECT number, done_at FROM lesson",
                (row, _) -> Map.entry(row.getInt("number"), Instant.parse(row.getString("done_at")))).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Every step of it was done, and seen. */
    public void done(Lesson lesson) {
        record.update("INSERT INTO lesson (number, done_at) VALUES (?, ?) "
                + "ON CONFLICT (number) DO UPDATE SET done_at = excluded.done_at", lesson.number(),
                Instant.now().toString());
    }

    private record Written(int number, String text) {
    }

    private static Written file(int number) {
        try (InputStream in = Course.class.getResourceAsStream(number + ".lesson")) {
            return new Written(number, in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
