package dev.tinydocker.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.explain.Subject.Place;
import dev.tinydocker.explain.Subject.Text;
import dev.tinydocker.explain.Subject.Trial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

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
                .allMatch(section -> section.matches("[a-zA-Z0-9_. -]+\\([1-8](const)?\\)"), subject.name()));
    }

    @Test
    void noWordFindsTwoPagesAndEveryPageIsFound() {
        Subjects subjects = new Subjects();
        assertThat(subjects.words()).doesNotHaveDuplicates();
        for (Subject subject : subjects.all()) {
            assertThat(subjects.find(subject.name())).contains(subject);
            assertThat(subject.also()).allSatisfy(word -> assertThat(subjects.find(word)).contains(subject));
        }
        assertThat(subjects.find("nothing")).isEmpty();
        assertThat(subjects.find("")).isEmpty();
        assertThat(subjects.find("-")).isEmpty();
        // It is the word for this host beside a container.
        assertThat(subjects.find("host")).isEmpty();
    }

    /** What somebody may type who means it. */
    @ParameterizedTest
    @CsvSource({ "CGroups, cgroup", "cgroupv2, cgroup", "zombies, pid", "pids, pid", "pid-namespace, pid",
            "pid namespaces, pid", "net_namespace, veth", "netns, veth", "userns, user-namespace",
            "user_namespace, user-namespace", "uid, user-namespace", "mnt, mount", "mountns, mount",
            "pivotroot, pivot_root", "chroot, pivot_root", "NO-NEW-PRIVS, no_new_privs", "cap, capabilities",
            "layers, overlay", "images, image", "volumes, volume", "tty, terminal", "Time, time", "timens, time",
            "ulimits, rlimits", "oom, cgroup", "dns, dns", "resolv.conf, dns", "ports, nat", "bridges, veth",
            "apparmor, landlock", "masks, proc", "/dev, devices", "shims, shim", "container, namespace",
            "ns, namespace", "namespaces, namespace", "cgroupns, cgroup", "utsns, uts", "ipc namespace, ipc" })
    void aWordIsFoundHoweverItIsWritten(String word, String name) {
        assertThat(new Subjects().find(word)).map(Subject::name).contains(name);
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
