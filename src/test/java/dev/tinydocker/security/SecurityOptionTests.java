package dev.tinydocker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class SecurityOptionTests {

    @TempDir
    Path directory;

    private SecurityWish read(String... words) {
        SecurityWish wish = SecurityWish.DEFAULT;
        for (String word : words) {
            wish = SecurityOption.apply(wish, word, directory::resolve);
        }
        return wish;
    }

    @Test
    void optionsAreDockersAndPodmans() throws IOException {
        Files.writeString(directory.resolve("p.json"), "{ \"defaultAction\": \"SCMP_ACT_ALLOW\" }");
        assertThat(read("no-new-privileges").noNewPrivileges()).isTrue();
        assertThat(read("no-new-privileges=true", "no-new-privileges=false").noNewPrivileges()).isFalse();
        assertThat(read("no-new-privileges:false").noNewPrivileges()).as("as Docker had it once").isFalse();
        assertThat(read("seccomp:unconfined", "label:disable").seccomp()).isEqualTo(SecurityWish.UNCONFINED);
        assertThat(read("seccomp=unconfined").seccomp()).isEqualTo(SecurityWish.UNCONFINED);
        assertThat(read("seccomp=unconfined", "seccomp=builtin").seccomp()).isEqualTo("builtin");
        assertThat(read("seccomp=builtin").options()).containsExactly("seccomp=builtin");
        assertThat(read("seccomp=p.json").seccomp()).isEqualTo("{ \"defaultAction\": \"SCMP_ACT_ALLOW\" }");
        assertThat(read("unmask=/proc/acpi:/sys/firmware", "unmask=/proc/sys").unmasked())
                .containsExactly("/proc/acpi", "/sys/firmware", "/proc/sys");
        assertThat(read("systempaths=unconfined")).isEqualTo(read("unmask=all"));
        assertThat(read("seccomp=unconfined", "no-new-privileges=false", "unmask=/proc/acpi").options())
                .containsExactly("no-new-privileges=false", "seccomp=unconfined", "unmask=/proc/acpi");
    }

    @ParameterizedTest
    @CsvSource({ "no-new-privilege,did you mean no-new-privileges?", "x=y,'there are apparmor, label, landlock, no-new-privileges'",
            "no-new-privileges=1,neither true nor false", "seccomp,names no profile", "seccomp=missing,there is none",
            "systempaths=x,systempaths=unconfined", "unmask=proc,not an absolute path", "unmask=/proc/[,is no pattern", "seccomp=.,it is a directory" })
    void whatCannotBeUnderstoodIsRefused(String word, String why) {
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> read(word))
                .satisfies(problem -> assertThat(problem.line()).startsWith("cannot ").contains(why));
    }

    @Test
    void aProfileThatDoesNotParseIsNamedWithItsPlace() throws IOException {
        Files.writeString(directory.resolve("bad.json"), "{ \"defaultAction\":\n  oops }");
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> read("seccomp=bad.json"))
                .satisfies(problem -> assertThat(problem.line()).contains("bad.json' for --security-opt seccomp: line 2, "
                        + "column "));
    }
}
