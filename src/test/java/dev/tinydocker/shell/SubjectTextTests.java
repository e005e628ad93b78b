package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.explain.Subject;
import dev.tinydocker.explain.Subject.Place;
import dev.tinydocker.explain.Subject.Text;
import dev.tinydocker.explain.Subject.Trial;
import dev.tinydocker.explain.Subjects;
import org.junit.jupiter.api.Test;

import java.util.List;

class SubjectTextTests {

    /** A terminal's, of whose 24 lines one is the command's own and one the prompt that comes after. */
    private static final int COLUMNS = 80;
    private static final int LINES = 22;
    private static final String LONG_NAME = "a-longer-name";
    private static final Subject CGROUP = new Subject("cgroup", "Counts.", List.of(), List.of("cgroups(7)"),
            List.of("--memory", "64m"), List.of(new Text("One sentence that is"), new Text("as long as two lines."),
                    new Text(""), new Trial(Place.HOST, "tiny stats web", List.of("«64»MiB"))));

    @Test
    void anExampleSaysHowItIsMade() {
        assertThat(SubjectText.of(CGROUP, "", true, 0).lines().skip(1)).containsExactly("Counts.", "",
                "One sentence that is", "as long as two lines.", "", "  # tiny stats web", "    64MiB", "",
                "Try it:  tiny run -d --name web --memory 64m busybox sleep 1000",
                "$ is typed in the container (tiny exec -it web sh), # on the host.");
    }

    @Test
    void whatAnotherContainerPrintsIsNotClaimed() {
        assertThat(SubjectText.of(CGROUP, "db", true, 0)).contains("  # tiny stats db\n").endsWith("""
                As printed in:  tiny run -d --name web --memory 64m busybox sleep 1000
                $ is typed in the container (tiny exec -it db sh), # on the host.
                """);
        assertThat(SubjectText.of(CGROUP, "db", false, 0))
                .endsWith("'db' does not run: nothing can be typed in it.\n");
    }

    @Test
    void sentencesAreFoldedWhereTheTerminalIsNarrow() {
        assertThat(SubjectText.of(CGROUP, "", true, 40)).contains("""
                One sentence that is as long as two
                lines.

                  # tiny stats web
                """);
        assertThat(SubjectText.of(CGROUP, "", true, 200)).isEqualTo(SubjectText.of(CGROUP, "", true, 0));
    }

    /** The terminal folds a command that is too long for it. */
    @Test
    void aPageIsOneScreen() {
        for (Subject subject : new Subjects().all()) {
            for (String container : List.of("", "web", LONG_NAME)) {
                List<String> lines = SubjectText.of(subject, container, true, COLUMNS).lines().toList();
                assertThat(lines.stream().mapToInt(line -> Math.max(1, Math.ceilDiv(line.length(), COLUMNS))).sum())
                        .as(subject.name()).isLessThanOrEqualTo(LINES);
                assertThat(lines).as(subject.name())
                        .allMatch(line -> line.length() <= COLUMNS || line.startsWith("  $ ") || line.startsWith("  # "));
            }
        }
    }
}
