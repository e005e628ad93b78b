package dev.tinydocker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.plan.ShellScript.Port;
import dev.tinydocker.plan.ShellScript.Subject;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A plan as a script: its words stay words. That it makes the same container is tested on a kernel, by-hand.session. */
class ShellScriptTests {

    private static final String ID = "0123456789abcdef".repeat(4);
    private static final Path RUN = Path.of("/run/td/c/0123");
    private static final Path DATA = Path.of("/data/c/" + ID);

    private static final ShellWords WORDS = new ShellWords(Map.of(RUN.toString(), "run", DATA.toString(), "data", ID,
            "name"));

    private static List<String> script(List<HostStep> host, ShimStep... more) {
        List<ShimStep> shim = new ArrayList<>(List.of(new ShimStep.Stdio(false, false, true, 0, 0),
                new ShimStep.Clone(CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_NEWPID, "")));
        shim.addAll(List.of(more));
        return ShellScript.of(new Subject("tiny run busybox\nrm -rf /", ID, RUN, DATA, 1,
                List.of(new Port("tcp", "127.0.0.1", 8080, 80))), host, shim).lines().toList();
    }

    private static final ShimStep.Credentials ROOT = new ShimStep.Credentials(~(1L << 21), ~(1L << 21), 0, "");

    @Test
    void aWordIsOneWordWhateverIsInIt() {
        assertThat(WORDS.of("plain/word-1.2:x")).isEqualTo("plain/word-1.2:x");
        assertThat(WORDS.of("")).isEqualTo("''");
        assertThat(WORDS.of("it's $(rm) `x` \"y\"\nz")).isEqualTo("'it'\\''s $(rm) `x` \"y\"\nz'");
        assertThat(WORDS.of("~")).isEqualTo("'~'");
        assertThat(WORDS.of("#")).isEqualTo("'#'");
    }

    @Test
    void whatTheScriptNamesItselfIsItsOwn() {
        assertThat(WORDS.of(RUN.resolve("hosts"))).isEqualTo("\"$run\"/hosts");
        assertThat(WORDS.of("lowerdir=/a b,upperdir=" + DATA.resolve("upper")))
                .isEqualTo("'lowerdir=/a b,upperdir='\"$data\"/upper");
        assertThat(WORDS.of("/sys/fs/cgroup/pids/tiny-docker/" + ID + "/tasks"))
                .isEqualTo("/sys/fs/cgroup/pids/tiny-docker/\"$name\"/tasks");
    }

    @Test
    void nothingThatAUserWroteLeavesItsComment() {
        List<String> lines = script(List.of(new HostStep.MakeDirectory(Path.of("/x\nreboot"), 0700, "why")), ROOT,
                new ShimStep.Chdir(true, "/\nhalt"), new ShimStep.Exec(List.of("a\nb", "@FILES@"), List.of("A=1\nB=2")));
        assertThat(lines).doesNotContain("rm -rf /", "reboot", "halt", "B=2, which is what all the rest was for")
                .contains("#     tiny run busybox rm -rf /", "  # 1. engine: make the directory /x reboot, why");
        assertThat(lines).contains("    \"$sh\" -c \"$last\" sh '/", "halt' 'a", "b' @FILES@");
    }

    @Test
    void whatAShellCannotDoIsSaid() {
        List<String> lines = script(List.of(new HostStep.FilterDevices(Path.of("/sys/fs/cgroup/x"), List.of("c 1:3 rwm"),
                "why")), ROOT, new ShimStep.NoNewPrivs(), new ShimStep.Seccomp(0, new byte[16], "built-in"),
                new ShimStep.Exec(List.of("true"), List.of("HOME=/")));
        assertThat(lines).filteredOn(line -> line.contains("cannot be said here")).hasSize(2);
        assertThat(lines).filteredOn(line -> line.contains("setpriv\" ")).singleElement().asString()
                .contains("--bounding-set -sys_admin --no-new-privs");
    }

    @Test
    void aProfileIsForTheProgramAndNotForTheCommandsBeforeIt() {
        List<String> lines = script(List.of(), new ShimStep.Write(Path.of("/proc/self/attr/apparmor/exec"),
                "exec it's", "so that AppArmor confines the program"), ROOT,
                new ShimStep.Exec(List.of("true"), List.of("HOME=/")));
        assertThat(lines).contains("    \"$sh\" -c \"$last\" sh 'exec it'\\''s' /proc/self/attr/apparmor/exec / true")
                .filteredOn(line -> line.contains(">\"$2\"")).singleElement().asString().startsWith("  last='echo >&4; read")
                .contains("echo \"$1\" >\"$2\" || exit 126; shift 2; umask 022; cd \"$1\"");
        assertThat(lines).noneMatch(line -> line.startsWith("  echo 'exec"));
    }

    @Test
    void portsAreLedToTheBridgeOfTheScript() {
        assertThat(script(List.of(), ROOT, new ShimStep.Exec(List.of("true"), List.of())))
                .contains("  connect 0", "  publish tcp 8080 80 127.0.0.1", "  address 0")
                .noneMatch(line -> line.matches(".*@[A-Z_]+@.*"));
    }
}
