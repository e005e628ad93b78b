package dev.tinydocker.lesson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.lesson.Lesson.Step;
import org.junit.jupiter.api.Test;

import java.util.List;

/** The form that lessons are written in. That they are true is tested on a kernel, lesson.session. */
class LessonFileTests {

    private static final String FILE = """
            A title

            Some text.

            > Why the first
            > step is done.
            $ one
            $ two
            = ^seen$
            ? 3

            > And the next.
            $ three
            - undo it
            """;

    @Test
    void aFileIsTitleTextStepsAndCleanUp() {
        Lesson lesson = LessonFile.read(7, FILE);
        assertThat(lesson.number()).isEqualTo(7);
        assertThat(lesson.title()).isEqualTo("A title");
        assertThat(lesson.text()).first().isEqualTo("Some text.");
        assertThat(lesson.cleanup()).containsExactly("undo it");
        assertThat(lesson.steps()).extracting(Step::command).containsExactly(List.of("one", "two"), List.of("three"));
        assertThat(lesson.steps().getFirst().text()).containsExactly("Why the first", "step is done.");
        assertThat(lesson.steps()).extracting(Step::status).containsExactly(3, 0);
    }

    @Test
    void whatWasNotSeenIsSaid() {
        Step step = LessonFile.read(1, FILE).steps().getFirst();
        assertThat(step.missing(List.of("not", "seen"), 3)).isEmpty();
        assertThat(step.missing(List.of("not seen"), 0)).containsExactly("a line with ^seen$",
                "exit status 3, it was 0");
    }

    /** The line itself: nobody need be able to read an expression. */
    @Test
    void whatWasSeenIsTheLine() {
        Step step = LessonFile.read(1, "title\n> why\n$ one\n= ^b\n= c$\n= ^b\n").steps().getFirst();
        assertThat(step.found(List.of("a", " bad", "b c ", "bc", "b"))).containsExactly("b c", "bc");
    }

    @Test
    void aStepWithoutACommandIsNoStep() {
        assertThatThrownBy(() -> LessonFile.read(1, "title\n> why\n= what\n")).hasMessageContaining("why");
        assertThatThrownBy(() -> LessonFile.read(1, "title\ntext\n")).hasMessageContaining("no step");
    }

    /** What ends with 137 because it says so was not killed. */
    @Test
    void noStepMakesUpItsStatus() {
        assertThat(Course.lessons()).allSatisfy(lesson -> assertThat(lesson.steps()).allSatisfy(step ->
                assertThat(String.join("\n", step.command())).doesNotContainPattern("\\bexit [0-9]")));
    }

    @Test
    void everyLessonIsInThatFormAndEachStepShowsSomething() {
        List<Lesson> lessons = Course.lessons();
        // In the list, the number and a date are before it, on a line of 80.
        assertThat(lessons).hasSize(11).extracting(Lesson::title).doesNotHaveDuplicates()
                .allMatch(title -> !title.isEmpty() && title.length() <= 57);
        assertThat(lessons).allSatisfy(lesson -> assertThat(lesson.steps()).hasSizeBetween(4, 8)
                .allSatisfy(step -> assertThat(step.seen()).isNotEmpty()));
    }
}
