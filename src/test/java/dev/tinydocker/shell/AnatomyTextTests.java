package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.cgroup.CgroupFigure;
import dev.tinydocker.cgroup.CgroupFigure.Unit;
import dev.tinydocker.cgroup.CgroupPlace;
import dev.tinydocker.explain.Anatomy;
import dev.tinydocker.explain.Anatomy.Layer;
import dev.tinydocker.explain.Anatomy.Link;
import dev.tinydocker.explain.Anatomy.Mount;
import dev.tinydocker.explain.Anatomy.Namespace;
import dev.tinydocker.explain.Anatomy.Network;
import dev.tinydocker.explain.Anatomy.Origin;
import dev.tinydocker.explain.Anatomy.Process;
import dev.tinydocker.explain.Anatomy.Range;
import dev.tinydocker.explain.Anatomy.Users;
import dev.tinydocker.explain.Anatomy.Walls;
import dev.tinydocker.explain.Difference;
import dev.tinydocker.explain.Differences;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

/** What a person reads of an anatomy, and of two. */
class AnatomyTextTests {

    private static Anatomy anatomy(String name, String command, long net, List<String> capabilities, String mount) {
        return new Anatomy("3f2a9c1b4d5e".repeat(5) + "0123", name, "busybox", "running", true, Instant.EPOCH,
                new Process(335, 1, 333, "tds:shim", List.of(command), 100000, 0, 100000, 0, 1), List.of(),
                List.of(new Namespace("net", "CLONE_NEWNET", net, 7, net != 7, List.of(), "links")),
                List.of(new CgroupPlace(2, List.of("memory"), "/tiny/x", "/sys/fs/cgroup/tiny/x")),
                List.of(new CgroupFigure("memory", Unit.BYTES, 16L << 20, "memory.current", 64L << 20, "memory.max", ""),
                        new CgroupFigure("CPU quota", Unit.QUOTA, null, "", 50_000L, "cpu.max", "")),
                List.of(new Mount("/", "overlay", List.of("rw", "nodev", "relatime"), Origin.IMAGE, "overlay",
                        List.of(new Layer("/data/upper", true), new Layer("/data/l/1", false))),
                        new Mount(mount, "ext4", List.of("ro"), Origin.BIND, "/srv/" + name, List.of())),
                new Network("none", List.of(new Link("lo", 0, "", 0, true, List.of("127.0.0.1/8"), "", null, null)),
                        List.of(), List.of(), List.of()),
                new Users(true, List.of(new Range(0, 100000, 65536)), List.of(new Range(0, 100000, 65536))),
                new Walls(capabilities, capabilities, capabilities, List.of(), List.of(), true, 2, 1, "built-in", ""));
    }

    @Test
    void everySectionSaysWhereItIsFrom() {
        String text = AnatomyText.of(anatomy("web", "sleep", 8, List.of("CAP_CHOWN"), "/in"));
        assertThat(text.lines()).allMatch(line -> line.length() <= Page.WIDTH).anyMatch(line ->
                line.startsWith("NAMESPACES ") && line.endsWith(" /proc/335/ns")).contains(
                        "  pid 335          1 in there; started by its shim (333)",
                        "  memory           16MiB of 64MiB        ###.......  memory.current, memory.max",
                        "  CPU quota        0.50 CPUs                         cpu.max",
                        "    + /data/upper", "    | /data/l/1", "  capabilities     CHOWN",
                        "  users, groups    0 to 65535 in there are 100000 to 165535 on the host");
    }

    @Test
    void whatComesFromAContainerDoesNotSteerTheTerminal() {
        String text = AnatomyText.of(anatomy("web", "\u001b[2Jsleep\n\u202eevil", 8, List.of(), "/a\u001b]0;x\u0007b"));
        assertThat(text.chars()).allMatch(c -> c == '\n' || c >= ' ' && c != 0x202e);
        assertThat(text.lines()).anyMatch(line -> line.contains("\\u001b[2Jsleep \\u202eevil"));
    }

    @Test
    void twoAreSetSideBySideAndWhatIsTheSameComesLast() {
        List<Difference> all = Differences.between(anatomy("web", "sleep", 8, List.of("CAP_CHOWN", "CAP_KILL"), "/in"),
                anatomy("db", "sleep", 9, List.of("CAP_CHOWN"), "/other"));
        String text = DifferenceText.of("web", "db", all);
        assertThat(text.lines()).allMatch(line -> line.length() <= Page.WIDTH).containsSubsequence(
                "                           web                                 db",
                "  namespace net            8                                   9",
                "  mount /in                ext4 ro /srv/web                    -",
                "  mount /other             -                                   ext4 ro /srv/db",
                "  capabilities             has besides: KILL                   -");
        String same = text.substring(text.indexOf("THE SAME IN BOTH"));
        assertThat(same.lines()).anyMatch(line -> line.equals("  capability  CHOWN"))
                .anyMatch(line -> line.equals("  process     command, user, number in there")).noneMatch(line -> line.contains("/in"));
    }

    @Test
    void longValuesGoOnBelowEachOther() {
        String text = DifferenceText.of("a", "b", List.of(new Difference("thing", "x", "y".repeat(80), "")));
        assertThat(text.lines()).contains("  thing x                  " + "y".repeat(35) + " -",
                " ".repeat(27) + "y".repeat(35), " ".repeat(27) + "y".repeat(10));
    }
}
