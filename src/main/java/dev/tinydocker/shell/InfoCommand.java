package dev.tinydocker.shell;

import dev.tinydocker.cgroup.CgroupService;
import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.linux.HostCpu;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.rootfs.RootfsService;
import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

/** {@code info}: this engine and this host at a glance. */
@Component
final class InfoCommand extends ShellCommand {

    private final ContainerService containers;
    private final ImageService images;
    private final RootfsService rootfs;
    private final CgroupService cgroups;
    private final ProgramVersion version;
    private final Layout layout;
    private final EngineFacts self;
    private final Clock clock;

    InfoCommand(ContainerService containers, ImageService images, RootfsService rootfs, CgroupService cgroups,
            ProgramVersion version, Layout layout, EngineFacts self, Clock clock) {
        super(Usage.of(Usage.ENGINE, "info", "Show the engine, its directories, and the host"));
        this.containers = containers;
        this.images = images;
        this.rootfs = rootfs;
        this.cgroups = cgroups;
        this.version = version;
        this.layout = layout;
        this.self = self;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", version.toString());
        facts.put("containers", counts(containers.list()));
        facts.put("images", Integer.toString(images.list().size()));
        facts.put("catalogue", catalogue());
        facts.put("engine", engine());
        facts.put("run root", layout.runRoot().toString());
        facts.put("data root", layout.dataRoot().toString());
        facts.put("socket", layout.engineSocket().toString());
        facts.put("log", layout.engineLog().toString());
        facts.put("metrics", self.metrics());
        facts.put("kernel", System.getProperty("os.version") + " " + System.getProperty("os.arch") + ", "
                + HostCpu.count() + " CPUs");
        facts.put("cgroups", cgroups.describe() + ": " + cgroups.controllers().entrySet().stream()
                .filter(Map.Entry::getValue).map(Map.Entry::getKey).collect(joining(" ")));
        int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0) + 2;
        facts.forEach((name, value) -> invocation.out()
                .println(name + ":" + " ".repeat(width - name.length()) + value));
        return 0;
    }

    /** A catalogue that cannot be read keeps nobody from the other facts. */
    private String catalogue() {
        try {
            return String.join(", ", rootfs.names());
        } catch (Problem problem) {
            return problem.line();
        }
    }

    private static String counts(List<Container> all) {
        Map<String, Long> states = all.stream().collect(groupingBy(PsRow::state, TreeMap::new, counting()));
        String detail = states.entrySet().stream().map(state -> state.getValue() + " " + state.getKey())
                .collect(joining(", "));
        return all.size() + (detail.isEmpty() ? "" : " (" + detail + ")");
    }

    private String engine() {
        ProcessHandle process = ProcessHandle.current();
        Instant started = process.info().startInstant().orElseGet(clock::instant);
        String age = Durations.words(Duration.between(started, clock.instant())).toLowerCase(Locale.ROOT);
        return "process " + process.pid() + ", up " + age;
    }
}
