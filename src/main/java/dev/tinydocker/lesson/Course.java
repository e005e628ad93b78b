package dev.tinydocker.lesson;

import dev.tinydocker.problem.NotFound;
import dev.tinydocker.store.Layout;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All lessons, and which of them have been done. */
@Service
public class Course {

    private final JdbcTemplate record;
    private final Layout layout;

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
     */
    public LessonShell begin(Lesson lesson, Path tree) {
        return new LessonShell(lesson, Map.of("TREE", tree.toString(), "TINY", layout.home().resolve("tiny").toString(),
                "TINY_RUN_ROOT", layout.runRoot().toString(), "TINY_DATA_ROOT", layout.dataRoot().toString()));
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
