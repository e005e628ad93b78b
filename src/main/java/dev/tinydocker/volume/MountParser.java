package dev.tinydocker.volume;

import dev.tinydocker.linux.ByteSize;
import dev.tinydocker.problem.InvalidRequest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the words of {@code -v}, {@code --mount} and {@code --tmpfs}, as Docker spells them. */
public final class MountParser {

    private static final Set<String> PROPAGATIONS = Set.of("private", "rprivate", "slave", "rslave");
    private static final Set<String> PERMITS = Set.of("suid", "dev");
    private static final String DEFAULT_PROPAGATION = "rprivate";

    /** Words for what is so anyway, or means something elsewhere: SELinux labels, and caching on other systems. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("z", "Z", "cached", "delegated", "consistent", "nosuid",
            "nodev");

    private MountParser() {
    }

    /** {@code -v SOURCE:TARGET[:OPTIONS]}; a source that begins with a dot starts at {@code cwd}. */
    public static Mount volume(String word, Path cwd) {
        Asked asked = new Asked("-v", word);
        String[] parts = word.split(":", -1);
        if (parts.length < 2 || parts.length > 3 || parts[0].isEmpty()
                || !(parts[0].startsWith("/") || parts[0].startsWith("."))) {
            throw asked.invalid(parts.length > 3 ? "it has more than three parts"
                    : "only directories and files of the host can be mounted",
                    "give SOURCE:TARGET[:ro], and a source that begins with / or ./");
        }
        boolean readOnly = false;
        String propagation = DEFAULT_PROPAGATION;
        List<String> permits = new ArrayList<>();
        for (String option : parts.length == 3 ? parts[2].split(",", -1) : new String[0]) {
            if (option.equals("ro") || option.equals("rw")) {
                readOnly = option.equals("ro");
            } else if (PERMITS.contains(option)) {
                permits.add(option);
            } else if (option.equals("nocopy")) {
                throw asked.invalid("nocopy is for named volumes", "leave it out");
            } else if (!WITHOUT_EFFECT.contains(option)) {
                propagation = asked.propagation(option);
            }
        }
        return new Mount.Bind(source(parts[0], cwd), asked.target(parts[1]), readOnly, true, true, propagation,
                permits);
    }

    /** {@code --mount type=bind|tmpfs,KEY=VALUE,…}; a field may be put in double quotes, as in CSV. */
    public static Mount mount(String word, Path cwd) {
        Asked asked = new Asked("--mount", word);
        MountFields fields = new MountFields(asked, word);
        return switch (fields.text("type", "volume")) {
            case "bind" -> bind(asked, fields, cwd);
            case "tmpfs" -> memory(asked, fields);
            case "volume" -> throw asked.invalid("named volumes are not there yet",
                    "give type=bind with a directory of the host, or type=tmpfs");
            case String other -> throw asked.invalid("there is no type '" + other + "'", "there are bind and tmpfs");
        };
    }

    private static Mount bind(Asked asked, MountFields fields, Path cwd) {
        fields.allow("type", "source", "target", "readonly", "bind-propagation", "bind-recursive", "bind-nonrecursive",
                "consistency", "suid", "dev");
        boolean readOnly = fields.flag("readonly");
        boolean recursive = !fields.flag("bind-nonrecursive");
        switch (fields.text("bind-recursive", "enabled")) {
            case "enabled" -> { }
            case "disabled" -> recursive = false;
            case "readonly" -> {
                if (!readOnly) {
                    throw asked.invalid("bind-recursive=readonly needs readonly", "add readonly");
                }
            }
            default -> throw asked.invalid("a read-only mount is read-only with all below it",
                    "give bind-recursive=enabled, disabled or readonly");
        }
        String source = fields.required("source");
        return new Mount.Bind(source(source, cwd), asked.target(fields.required("target")), readOnly, false, recursive,
                asked.propagation(fields.text("bind-propagation", DEFAULT_PROPAGATION)),
                PERMITS.stream().filter(fields::flag).sorted().toList());
    }

    private static Mount memory(Asked asked, MountFields fields) {
        fields.allow("type", "target", "readonly", "tmpfs-size", "tmpfs-mode", "consistency");
        String size = fields.text("tmpfs-size", "");
        String mode = fields.text("tmpfs-mode", "");
        return new Mount.Tmpfs(asked.target(fields.required("target")), size.isEmpty() ? null : asked.size(size),
                mode.isEmpty() ? null : asked.mode(mode), fields.flag("readonly"), false);
    }

    /** {@code --tmpfs TARGET[:OPTIONS]}; without options nothing in it can be executed, as with Docker. */
    public static Mount tmpfs(String word) {
        Asked asked = new Asked("--tmpfs", word);
        int colon = word.indexOf(':');
        String target = asked.target(colon < 0 ? word : word.substring(0, colon));
        Long size = null;
        Integer mode = null;
        boolean readOnly = false;
        boolean exec = false;
        for (String option : colon < 0 ? List.<String>of() : List.of(word.substring(colon + 1).split(",", -1))) {
            switch (option) {
                case "ro", "rw" -> readOnly = option.equals("ro");
                case "exec", "noexec" -> exec = option.equals("exec");
                case "nosuid", "nodev" -> { }
                case String s when s.startsWith("size=") -> size = asked.size(s.substring(5));
                case String s when s.startsWith("mode=") -> mode = asked.mode(s.substring(5));
                default -> throw asked.invalid("there is no option '" + option + "'",
                        "there are size=SIZE, mode=OCTAL, exec, noexec, ro and rw");
            }
        }
        return new Mount.Tmpfs(target, size, mode, readOnly, exec);
    }

    private static String source(String source, Path cwd) {
        return cwd.resolve(source).normalize().toString();
    }

    /** The option and its word, for checks that name them. */
    record Asked(String option, String word) {

        InvalidRequest invalid(String why, String hint) {
            return new InvalidRequest("use '" + word + "' for " + option, why, hint);
        }

        String target(String target) {
            if (!target.startsWith("/")) {
                throw invalid("the target '" + target + "' is not an absolute path", "begin it with /");
            }
            String path = Path.of(target).normalize().toString();
            if (path.equals("/")) {
                throw invalid("the target is the root itself", "use --rootfs for that");
            }
            if (path.equals("/proc") || path.startsWith("/proc/")) {
                throw invalid("the target is in /proc, which the kernel fills", "choose another place");
            }
            return path;
        }

        String propagation(String propagation) {
            if (propagation.equals("shared") || propagation.equals("rshared")) {
                throw invalid("what a container mounts is never seen on the host",
                        "use rslave to see the host's new mounts in it");
            }
            if (!PROPAGATIONS.contains(propagation)) {
                throw invalid("there is no option '" + propagation + "'",
                        "there are ro, rw, suid, dev, private, rprivate, slave and rslave");
            }
            return propagation;
        }

        long size(String size) {
            return ByteSize.parse(size, 1024).orElseThrow(
                    () -> invalid("'" + size + "' is not a size", "give bytes, or a number with k, m or g as in 64m"));
        }

        int mode(String mode) {
            if (!mode.matches("[0-7]{1,5}") || Integer.parseInt(mode, 8) > 07777) {
                throw invalid("'" + mode + "' is not an octal mode", "give one as in 1777");
            }
            return Integer.parseInt(mode, 8);
        }
    }
}
