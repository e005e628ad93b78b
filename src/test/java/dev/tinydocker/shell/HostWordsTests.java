package dev.tinydocker.shell;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Paths of the host are found where they are, and nowhere else. */
class HostWordsTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run --rootfs a b -v /c               | run --rootfs [a] b -v /c
            run --rootfs=a -itv ./b:/b:ro -m 1g c | run --rootfs=[a] -itv [./b]:/b:ro -m 1g c
            run -v/a:/b -v=/a:/b --volume /a:/b c | run -v[/a]:/b -v=[/a]:/b --volume [/a]:/b c
            run -v name:/b --name /a --env-file f c | run -v name:/b --name /a --env-file [f] c
            run --mount type=bind,src=/a,dst=/b c | run --mount type=bind,src=[/a],dst=/b c
            run --mount type=bind,source=a,dst=/b -- c -v /d:/d | run --mount type=bind,source=[a],dst=/b -- c -v /d:/d
            run --mount type=bind,"src=a,""b",dst=/c c | run --mount type=bind,"src=[a,""b]",dst=/c c
            run --mount source=a,dst=/b c        | run --mount source=a,dst=/b c
            run --mount type=bind,"src=a c       | run --mount type=bind,"src=a c
            run --mount type=bind,src=,dst=/b c  | run --mount type=bind,src=,dst=/b c
            container run --cidfile f c          | container run --cidfile [f] c
            plan --as shell --rootfs a -v /c:/c sh /d | plan --as shell --rootfs [a] -v [/c]:/c sh /d
            run --security-opt seccomp=a.json c  | run --security-opt seccomp=[a.json] c
            run --security-opt=seccomp:/a c      | run --security-opt=seccomp:[/a] c
            run --security-opt seccomp=unconfined c | run --security-opt seccomp=unconfined c
            run --security-opt seccomp= c        | run --security-opt seccomp= c
            exec -e A --env-file f web cat /etc/hosts | exec -e A --env-file [f] web cat /etc/hosts
            cp web:/a ./b                        | cp web:/a [./b]
            cp -a /a:b web:c                     | cp -a [/a:b] web:c
            cp . web:/a                          | cp [.]/. web:/a
            cp a/ b/. web:/c                     | cp [a/]/ [b/.]/. web:/c
            cp web:/a b/                         | cp web:/a [b/]/
            cp - web:/a                          | cp - web:/a
            load -qi a                           | load -qi [a]
            load --input=a                       | load --input=[a]
            save -o a busybox                    | save -o [a] busybox
            export web --output a                | export web --output [a]
            import -c /a b name                  | import -c /a [b] name
            import http://host/a                 | import http://host/a
            ./a                                  | ./a
            run --rootfs                         | run --rootfs
            ps -a --no-such-option /a            | ps -a --no-such-option /a
            """)
    void filesOfTheHostAreFound(String words, String placed) {
        assertThat(HostWords.of(List.of(words.split(" "))).placed((_, path) -> "[" + path + "]"))
                .isEqualTo(List.of(placed.split(" ")));
    }

    /** It would be the directory that the user is in, and all that is there. */
    @Test
    void anEmptyWordIsNoFile() {
        for (List<String> words : List.of(List.of("cp", "", "web:/a"), List.of("cp", "web:/a", ""), List.of("import", ""),
                List.of("load", "-i", ""), List.of("run", "--rootfs=", "sh"))) {
            assertThat(HostWords.of(words).placed((_, path) -> "[" + path + "]")).isEqualTo(words);
        }
    }

    /** A link that is copied is itself, unless it is followed: then both have to be there. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cp a web:/b               | cp <a> web:/b               | none
            cp -q -- a web:/b         | cp -q -- <a> web:/b         | none
            cp a/. web:/b             | cp [a/.]/. web:/b           | a/.
            cp web:/b a               | cp web:/b [a]               | a
            cp a/ web:/b              | cp <a/>/ web:/b             | a/
            cp -aL a web:/b           | cp -aL <a> web:/b           | a
            cp a web:/b --follow-link | cp <a> web:/b --follow-link | a
            """)
    void whatIsCopiedFromTheHostKeepsItsName(String words, String placed, String followed) {
        List<String> asked = new ArrayList<>();
        HostWords.Places places = new HostWords.Places() {
            @Override
            public String place(String what, String path) {
                asked.add(path);
                return "[" + path + "]";
            }

            @Override
            public String placeUnfollowed(String what, String path) {
                return "<" + path + ">";
            }
        };
        assertThat(HostWords.of(List.of(words.split(" "))).placed(places)).isEqualTo(List.of(placed.split(" ")));
        assertThat(asked).isEqualTo(followed.equals("none") ? List.of() : List.of(followed));
    }

    @Test
    void variablesWithoutAValueAreTheHosts(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("file"), "\uFEFFF\n# G\n  H\nI=1\n\n");
        List<String> words = List.of("run", "-e", "A", "-eB", "--env=C", "-e", "D=1", "--env-file", "file", "--env-file=none",
                "busybox", "-e", "E");
        assertThat(HostWords.of(words).variables(directory)).containsExactlyInAnyOrder("A", "B", "C", "F", "H");
    }
}
