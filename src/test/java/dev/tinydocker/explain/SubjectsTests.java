package dev.tinydocker.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.explain.Subject.Place;
import dev.tinydocker.explain.Subject.Text;
import dev.tinydocker.explain.Subject.Trial;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The form of the pages; that they are true is {@code SubjectsKernelIT}'s. */
class SubjectsTests {

    private static final int TITLE = 80;

    @Test
    void everyPageHasATitle() {
        assertThat(new Subjects().all()).allSatisfy(subject -> assertThat(subject.title())
                .hasSizeBetween(10, TITLE).endsWith("."));
    }

    @Test
    void everyPageNamesItsSectionsOfTheManual() {
        assertThat(new Subjects().all()).allSatisfy(subject -> assertThat(subject.manual()).isNotEmpty()
                .allMatch(section -> section.matches("[a-zA-Z_ -]+\\([1-8](const)?\\)"), subject.name()));
    }

    @Test
    void noWordFindsTwoPagesAndEveryPageIsFound() {
        Subjects subjects = new Subjects();
        Set<String> seen = new HashSet<>();
        assertThat(subjects.words()).allMatch(seen::add);
        for (Subject subject : subjects.all()) {
            assertThat(subjects.find(subject.name())).contains(subject);
            assertThat(subject.also()).allSatisfy(word -> assertThat(subjects.find(word)).contains(subject));
        }
        assertThat(subjects.find("CGroups")).map(Subject::name).contains("cgroup");
        assertThat(subjects.find("nothing")).isEmpty();
    }

    @Test
    void whoIsMistakenIsOfferedWhatIsNear() {
        Subjects subjects = new Subjects();
        assertThat(subjects.near("CGROUPZ")).containsExactly("cgroup");
        assertThat(subjects.near("nit")).containsExactly("init", "nat", "net");
        assertThat(subjects.near("nothing-like-it")).isEmpty();
    }

    @Test
    void aPageIsTakenApart() {
        Subject subject = Subject.parse("a", """
                title A thing.
                also b c
                see a(7), b(2)
                run --memory 64m

                Text.

                  $ one
                    1
                    «2»
                  # two
                """);
        assertThat(subject).isEqualTo(new Subject("a", "A thing.", List.of("b", "c"), List.of("a(7)", "b(2)"),
                List.of("--memory", "64m"), List.of(new Text("Text."), new Text(""),
                        new Trial(Place.CONTAINER, "one", List.of("1", "«2»")),
                        new Trial(Place.HOST, "two", List.of()))));
    }

    @Test
    void whatVariesIsOfTheSameKind() {
        assertThat("pid:[77]").matches(Trial.pattern("pid:[«4026»]"));
        assertThat("pid:[x]").doesNotMatch(Trial.pattern("pid:[«4026»]"));
        assertThat("tny12 (a.b)").matches(Trial.pattern("«tny1» (a.b)"));
        assertThat("tny1 (aXb)").doesNotMatch(Trial.pattern("«tny1» (a.b)"));
        assertThat("tny 1").doesNotMatch(Trial.pattern("«tny1»"));
    }
}
