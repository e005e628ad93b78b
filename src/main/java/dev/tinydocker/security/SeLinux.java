package dev.tinydocker.security;

import dev.tinydocker.linux.SecurityModules;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.HostLacks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * SELinux's part, as Docker has it: a container's processes have the type that this host's policy has for containers,
 * its files another, and both have a level that no other container is likely to have.
 */
final class SeLinux {

    /** Of a host without it. */
    static final SeLinux OFF = new SeLinux("", false);

    static final String DISABLE = "disable";
    /** Takes effect at the next execve(2), proc_pid_attr(5). */
    private static final Path NEXT = Path.of("/proc/thread-self/attr/exec");
    private static final int CATEGORIES = 1024;
    private static final int HEX = 16;
    private static final int DIGITS = 8;
    private static final List<String> PARTS = List.of("user", "role", "type", "level");
    /** What is mounted with a label for all of its files; others have what the policy says. */
    private static final Set<String> LABELLED = Set.of("overlay", "tmpfs", "devpts");

    private final Map<String, String> contexts;
    private final boolean enforces;

    /** @param contexts the policy's file of them, NAME = "CONTEXT" in a line; empty where there is no SELinux */
    SeLinux(String contexts, boolean enforces) {
        this.contexts = contexts.lines().map(line -> line.split("=", 2)).filter(words -> words.length == 2)
                .collect(Collectors.toMap(words -> words[0].strip(), words -> words[1].strip().replace("\"", ""),
                        (_, later) -> later));
        this.enforces = enforces;
    }

    static SeLinux ofThisHost() {
        return SecurityModules.seLinux()
                ? new SeLinux(SecurityModules.seLinuxContainers(), SecurityModules.seLinuxEnforces()) : OFF;
    }

    private boolean isOn() {
        return contexts.containsKey("process") && contexts.containsKey("file");
    }

    /** @throws HostLacks where a label was asked for that nobody would keep to */
    void check(List<String> asked) {
        if (!isOn() && asked.stream().anyMatch(word -> !word.equals(DISABLE))) {
            throw new HostLacks("use the label '" + asked.getFirst() + "'",
                    "this kernel has no SELinux, it is off, or its policy has nothing for containers",
                    "leave --security-opt label=… out");
        }
    }

    /** Whether it keeps a container in; where it only tells, another module has to. */
    boolean confines(SecurityWish wish) {
        return enforces && isLabelled(wish);
    }

    private boolean isLabelled(SecurityWish wish) {
        List<String> asked = wish.modulesOrDefault().labels();
        return isOn() && !asked.contains(DISABLE) && !(wish.privileged() && asked.isEmpty());
    }

    /** @param id the container's, which its level is made of */
    Labels labels(SecurityWish wish, String id) {
        if (!isLabelled(wish)) {
            return Labels.NONE;
        }
        List<String> process = parts("process", id);
        List<String> files = parts("file", id);
        for (String word : wish.modulesOrDefault().labels()) {
            String name = word.substring(0, word.indexOf(':'));
            String value = word.substring(name.length() + 1);
            if (name.equals("filetype")) {
                files.set(PARTS.indexOf("type"), value);
                continue;
            }
            put(process, name, value);
            if (name.equals("user") || name.equals("level")) {
                put(files, name, value);
            }
        }
        return new Labels(String.join(":", process), String.join(":", files), contexts.getOrDefault("ro_file", ""));
    }

    private static void put(List<String> parts, String name, String value) {
        int index = PARTS.indexOf(name);
        if (index < parts.size()) {
            parts.set(index, value);
        } else {
            parts.add(value);
        }
    }

    /** A policy without levels has three parts. */
    private List<String> parts(String name, String id) {
        String context = String.valueOf(contexts.get(name));
        List<String> parts = new ArrayList<>(List.of(context.split(":", PARTS.size())));
        if (parts.size() == PARTS.size() && !parts.getLast().contains(":")) {
            parts.set(parts.size() - 1, parts.getLast() + ":" + categories(id));
        }
        return parts;
    }

    /** Two of 1024, the lower one first: half a million pairs. */
    private static String categories(String id) {
        int one = (int) (Long.parseLong(id.substring(0, DIGITS), HEX) % CATEGORIES);
        int other = (int) (Long.parseLong(id.substring(DIGITS, 2 * DIGITS), HEX) % (CATEGORIES - 1));
        int two = other < one ? other : other + 1;
        return "c" + Math.min(one, two) + ",c" + Math.max(one, two);
    }

    /** What is done while the host's /proc is in sight. */
    static List<ShimStep> early(Labels labels) {
        return labels.isNone() ? List.of()
                : List.of(new ShimStep.Write(NEXT, labels.process(), "so that SELinux confines the program"));
    }

    /** The same steps, with a label for the files of what is mounted for the container alone. */
    static List<ShimStep> mounts(List<ShimStep> steps, Labels labels) {
        return labels.isNone() ? steps : steps.stream().map(step -> labelled(step, labels)).toList();
    }

    private static ShimStep labelled(ShimStep step, Labels labels) {
        return switch (step) {
            case ShimStep.Mount m when LABELLED.contains(m.type()) -> new ShimStep.Mount(m.flags(), m.source(),
                    m.target(), m.type(), with(m.data(), labels), m.why());
            case ShimStep.MountIn m when LABELLED.contains(m.type()) -> new ShimStep.MountIn(m.flags(), m.make(),
                    m.source(), m.target(), m.type(), with(m.data(), labels), m.why());
            default -> step;
        };
    }

    private static String with(String data, Labels labels) {
        return (data.isEmpty() ? "" : data + ",") + "context=\"" + labels.files() + "\"";
    }

    /** The same steps, after each of which what it makes has the container's label. */
    static List<HostStep> made(List<HostStep> steps, Labels labels) {
        if (labels.isNone()) {
            return steps;
        }
        List<HostStep> all = new ArrayList<>();
        for (HostStep step : steps) {
            all.add(step);
            Path path = step instanceof HostStep.WriteFile file ? file.path()
                    : step instanceof HostStep.MakeDirectory directory ? directory.path() : null;
            if (path != null) {
                all.add(new HostStep.Label(path, labels.files(), false, "so that SELinux lets the container use it"));
            }
        }
        return all;
    }
}
