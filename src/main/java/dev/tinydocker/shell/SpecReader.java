package dev.tinydocker.shell;

import dev.tinydocker.cgroup.Devices;
import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.cgroup.LimitsParser;
import dev.tinydocker.container.ContainerSpec;
import dev.tinydocker.container.PullPolicy;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.namespace.SysctlParser;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.security.ResourceLimit;
import dev.tinydocker.security.ResourceLimitParser;
import dev.tinydocker.volume.Mount;
import dev.tinydocker.volume.MountParser;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

import static dev.tinydocker.shell.RunOptions.*;

/** Turns the words of one {@code run} into what the container is to be. All that is wrong with them is said at once. */
final class SpecReader {

    private static final Pattern HOST_NAME = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9._-]{0,62}[a-zA-Z0-9])?");
    private static final int STOP_TIMEOUT_SECONDS = 10;

    private final Invocation invocation;
    private final String network;
    private final Faults faults;

    private SpecReader(Invocation invocation, String network) {
        this.invocation = invocation;
        this.network = network;
        List<String> words = invocation.arguments();
        String object = invocation.value(ROOTFS).orElseGet(() -> words.isEmpty() ? "" : words.getFirst());
        this.faults = new Faults("run '" + object + "'");
    }

    /**
     * Reads them.
     *
     * @param network that of who names none
     * @throws dev.tinydocker.problem.InvalidRequest with all that is wrong
     */
    static ContainerSpec read(Invocation invocation, String network) {
        return new SpecReader(invocation, network).spec();
    }

    private ContainerSpec spec() {
        List<String> words = invocation.arguments();
        named(ROOTFS, "directory");
        named(CIDFILE, "file");
        String rootfs = invocation.value(ROOTFS).map(word -> invocation.path(word).toString()).orElse(null);
        String image = rootfs == null ? words.getFirst() : null;
        List<String> command = rootfs == null ? words.subList(1, words.size()) : words;
        boolean interactive = invocation.flag(INTERACTIVE);
        Map<String, String> environment = EnvironmentReader.read(invocation, ENV, ENV_FILE, faults);
        ContainerSpec spec = new ContainerSpec(text(NAME), rootfs, image, null,
                this.<@Nullable PullPolicy>parsed(PULL, PullPolicy::parse, null), text(PLATFORM), command,
                entrypoint(), environment, workdir(),
                text(USER), hostname(), mounts(), volumes(), invocation.flag(READ_ONLY), limits(), resourceLimits(),
                this.<@Nullable Integer>parsed(STOP_SIGNAL, Signal::parse, null), stopTimeout(), invocation.flag(INIT),
                NetworkReader.read(invocation, network, faults), labels(), oomScore(), invocation.flag(TTY),
                interactive, interactive && !invocation.flag(DETACH), invocation.flag(REMOVE), log(),
                HealthReader.read(invocation, faults), SecurityReader.read(invocation, faults),
                parsed(USERNS, Users::parse, Users.NOT_ASKED), sysctls(), devices(),
                this.<@Nullable Long>parsed(SHM_SIZE, LimitsParser::shm, null));
        faults.check();
        return spec;
    }

    /** An empty word would be the directory that the user is in. */
    private void named(OptionSpec option, String what) {
        if (invocation.value(option).filter(String::isEmpty).isPresent()) {
            faults.add("--" + option.name(), "", "it names no " + what, "give the path of one");
        }
    }

    private @Nullable String text(OptionSpec option) {
        return invocation.value(option).orElse(null);
    }

    private <T extends @Nullable Object> T parsed(OptionSpec option, Function<String, T> parser, T otherwise) {
        return invocation.value(option).map(word -> faults.read(() -> parser.apply(word), otherwise)).orElse(otherwise);
    }

    /** An empty word takes the image's entrypoint away. */
    private @Nullable List<String> entrypoint() {
        return invocation.value(ENTRYPOINT).map(word -> word.isEmpty() ? List.<String>of() : List.of(word))
                .orElse(null);
    }

    private @Nullable String workdir() {
        String directory = text(WORKDIR);
        if (directory != null && !directory.startsWith("/")) {
            faults.add("--workdir", directory, "it is not an absolute path", "begin it with /");
        }
        return directory;
    }

    private @Nullable String hostname() {
        String name = text(HOSTNAME);
        if (name != null && !HOST_NAME.matcher(name).matches()) {
            faults.add("--hostname", name, "it is not a host name", "use up to 64 letters, digits, '-', '_' and '.'");
        }
        return name;
    }

    private List<Mount> mounts() {
        List<Mount> mounts = new ArrayList<>();
        invocation.values(VOLUME).stream().filter(word -> !isOwn(word)).forEach(word -> faults.read(() -> mounts.add(
                MountParser.volume(word, invocation.session().directory())), false));
        add(mounts, MOUNT, word -> MountParser.mount(word, invocation.session().directory()));
        add(mounts, TMPFS, MountParser::tmpfs);
        Set<String> targets = new HashSet<>();
        for (Mount mount : mounts) {
            if (!targets.add(mount.target())) {
                faults.add("a mount", mount.target(), "another one has the same target", "leave one out");
            }
        }
        return mounts;
    }

    /** Those that go with the container. */
    private List<String> volumes() {
        return invocation.values(VOLUME).stream().filter(SpecReader::isOwn)
                .map(word -> faults.read(() -> MountParser.own(word), word)).distinct().toList();
    }

    private static boolean isOwn(String word) {
        return word.startsWith("/") && word.indexOf(':') < 0;
    }

    private <T> void add(List<T> list, OptionSpec option, Function<String, T> parser) {
        for (String word : invocation.values(option)) {
            faults.read(() -> list.add(parser.apply(word)), false);
        }
    }

    private Limits limits() {
        Long memory = this.<@Nullable Long>parsed(MEMORY, LimitsParser::memory, null);
        Long swap = this.<@Nullable Long>parsed(MEMORY_SWAP, LimitsParser::memorySwap, null);
        if (swap != null && swap > 0 && invocation.value(MEMORY).isEmpty()) {
            faults.add("--memory-swap", invocation.value(MEMORY_SWAP).orElse(""), "--memory is not given", "give both");
        } else if (swap != null && memory != null && swap > 0 && swap < memory) {
            faults.add("--memory-swap", invocation.value(MEMORY_SWAP).orElse(""), "it is less than --memory",
                    "it counts memory and swap together");
        }
        return new Limits(memory, swap, this.<@Nullable Long>parsed(CPUS, LimitsParser::cpus, null),
                this.<@Nullable Long>parsed(CPU_SHARES, LimitsParser::cpuShares, null),
                this.<@Nullable String>parsed(CPUSET_CPUS, LimitsParser::cpuset, null),
                this.<@Nullable Long>parsed(PIDS_LIMIT, LimitsParser::pids, null));
    }

    private @Nullable Devices devices() {
        List<Devices.Node> nodes = new ArrayList<>();
        add(nodes, DEVICE, Devices::node);
        List<String> rules = new ArrayList<>();
        add(rules, DEVICE_CGROUP_RULE, Devices::rule);
        return nodes.isEmpty() && rules.isEmpty() ? null : new Devices(nodes, rules);
    }

    private List<ResourceLimit> resourceLimits() {
        List<ResourceLimit> limits = new ArrayList<>();
        add(limits, ULIMIT, ResourceLimitParser::parse);
        // Of two of a name the last counts; one after the other, none could be above the one before.
        Map<String, ResourceLimit> last = new LinkedHashMap<>();
        limits.forEach(limit -> last.put(limit.name(), limit));
        return List.copyOf(last.values());
    }

    private int stopTimeout() {
        int seconds = invocation.number(STOP_TIMEOUT).orElse(STOP_TIMEOUT_SECONDS);
        if (seconds < -1) {
            faults.add("--stop-timeout", Integer.toString(seconds), "that is no time to wait",
                    "give seconds, or -1 to wait for ever");
        }
        return seconds;
    }

    private int oomScore() {
        int score = invocation.number(OOM_SCORE_ADJ).orElse(0);
        if (score < -1000 || score > 1000) {
            faults.add("--oom-score-adj", Integer.toString(score), "it is out of range", "give -1000 to 1000");
        }
        return score;
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String word : invocation.values(LABEL)) {
            int equals = word.indexOf('=');
            if (word.isEmpty() || equals == 0) {
                faults.add("--label", word, "it has no name", "write NAME=VALUE");
            } else {
                labels.put(equals < 0 ? word : word.substring(0, equals), equals < 0 ? "" : word.substring(equals + 1));
            }
        }
        return labels;
    }

    private Map<String, String> sysctls() {
        Map<String, String> settings = new LinkedHashMap<>();
        List<Map.Entry<String, String>> asked = new ArrayList<>();
        add(asked, SYSCTL, SysctlParser::parse);
        asked.forEach(setting -> settings.put(setting.getKey(), setting.getValue()));
        return settings;
    }

    private LogSettings log() {
        Map<String, String> options = new LinkedHashMap<>();
        for (String word : invocation.values(LOG_OPT)) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                faults.add("--log-opt", word, "it has no value", "write KEY=VALUE, as in max-size=10m");
            } else {
                options.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return faults.read(() -> LogSettings.parse(options), LogSettings.DEFAULT);
    }
}
