package dev.tinydocker.volume;

import dev.tinydocker.linux.ByteSize;
import dev.tinydocker.problem.InvalidRequest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Reads the words of {@code -v}, {@code --mount} and {@code --tmpfs}, as Docker spells them. */
public final class MountParser {

    private static final Set<String> PROPAGATIONS = Set.of("private", "rprivate", "slave", "rslave");
    private static final Set<String> PERMITS = Set.of("suid", "dev");
    private static final Set<String> LABELS = Set.of("z", "Z");
    private static final String DEFAULT_PROPAGATION = "rprivate";

    /** Not to be given to anybody: this host's own programs need what is in there. */
    private static final Set<String> OF_THE_HOST = Set.of("/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib",
            "/lib64", "/media", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/var",
            "/var/lib", "/var/log");

    /** Words for what is so anyway, or means something elsewhere: caching on other systems. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("cached", "delegated", "consistent", "nosuid", "nodev");

    private MountParser() {
    }

    /** The place of {@code -v TARGET}: a volume that goes with its container. */
    public static String own(String word) {
        return new Asked("-v", word).target(word);
    }

    /**
     * {@code -v SOURCE:TARGET[:OPTIONS]}; a source that begins with a dot starts at {@code cwd}, one that begins with
     * neither a dot nor a slash is a volume.
     */
    public static Mount volume(String word, Path cwd) {
        Asked asked = new Asked("-v", word);
        String[] parts = word.split(":", -1);
        if (parts.length < 2 || parts.length > 3 || parts[0].isEmpty()) {
            throw asked.invalid(parts.length > 3 ? "it has more than three parts" : "it has no target",
                    "give SOURCE:TARGET[:ro], and a source that is a volume, or begins with / or ./");
        }
        boolean named = !parts[0].startsWith("/") && !parts[0].startsWith(".");
        boolean readOnly = false;
        boolean copies = true;
        String mode = "";
        String propagation = DEFAULT_PROPAGATION;
        List<String> permits = new ArrayList<>();
        for (String option : parts.length == 3 ? parts[2].split(",", -1) : new String[0]) {
            if (LABELS.contains(option)) {
                label(asked, permits, option, named ? "" : source(parts[0], cwd));
            } else if (option.equals("ro") || option.equals("rw")) {
                if (!mode.isEmpty() && !mode.equals(option)) {
                    throw asked.invalid("it is to be read-only and not", "leave ro or rw out");
                }
                mode = option;
                readOnly = option.equals("ro");
            } else if (PERMITS.contains(option) && !named) {
                permits.add(option);
            } else if (option.equals("nocopy")) {
                if (!named) {
                    throw asked.invalid("nocopy is for named volumes", "leave it out");
                }
                copies = false;
            } else if (!WITHOUT_EFFECT.contains(option)) {
                propagation = asked.propagation(option);
            }
        }
        if (named) {
            return Mount.Bind.of(asked.named(parts[0], copies), asked.target(parts[1]), readOnly);
        }
        return new Mount.Bind(source(parts[0], cwd), asked.target(parts[1]), readOnly, true, true, propagation,
                permits);
    }

    /** A volume has its label anyway. */
    private static void label(Asked asked, List<String> permits, String option, String source) {
        if (permits.stream().anyMatch(LABELS::contains)) {
            throw asked.invalid("it is to be for all containers and for one", "leave z or Z out");
        }
        if (OF_THE_HOST.contains(source)) {
            throw asked.invalid("this host itself needs '" + source + "' as it is labelled",
                    "leave " + option + " out");
        }
        permits.add(option);
    }

    /** {@code --mount type=volume|bind|tmpfs,KEY=VALUE,…}; a field may be put in double quotes, as in CSV. */
    public static Mount mount(String word, Path cwd) {
        Asked asked = new Asked("--mount", word);
        MountFields fields = new MountFields(asked, word);
        return switch (fields.text("type", "volume")) {
            case "bind" -> bind(asked, fields, cwd);
            case "tmpfs" -> memory(asked, fields);
            case "volume" -> named(asked, fields);
            case String other -> throw asked.invalid("there is no type '" + other + "'",
                    "there are volume, bind and tmpfs");
        };
    }

    /**
     * The same word for who knows the host's files under other names; as it is where it names none, or is wrong.
     *
     * @param place what a file is called there
     */
    public static String mountElsewhere(String word, UnaryOperator<String> place) {
        List<String> fields;
        try {
            fields = MountFields.split(new Asked("--mount", word), word);
        } catch (InvalidRequest e) {
            return word;
        }
        return fields.contains("type=bind") ? fields.stream().map(field -> {
            int value = field.indexOf('=') + 1;
            boolean source = field.startsWith("src=") || field.startsWith("source=");
            return source && value < field.length() ? field.substring(0, value) + place.apply(field.substring(value))
                    : field;
        }).map(field -> field.contains(",") || field.contains("\"") ? '"' + field.replace("\"", "\"\"") + '"' : field)
                .collect(Collectors.joining(",")) : word;
    }

    private static Mount named(Asked asked, MountFields fields) {
        fields.allow("type", "source", "target", "readonly", "volume-nocopy", "volume-driver", "consistency");
        if (!fields.text("volume-driver", "local").equals("local")) {
            throw asked.invalid("there is no driver '" + fields.text("volume-driver", "") + "'", "there is local");
        }
        String name = fields.text("source", "");
        if (name.isEmpty()) {
            throw asked.invalid("it has no source",
                    "add source=NAME; -v TARGET is a volume that goes with its container");
        }
        return Mount.Bind.of(asked.named(name, !fields.flag("volume-nocopy")), asked.target(fields.required("target")),
                fields.flag("readonly"));
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
        return new TmpfsOptions(asked).read(target, colon < 0 ? List.of()
                : List.of(word.substring(colon + 1).split(",", -1)));
    }

    private static String source(String source, Path cwd) {
        return cwd.resolve(source).normalize().toString();
    }

    /** The option and its word, for checks that name them. */
    record Asked(String option, String word) {

        InvalidRequest invalid(String why, String hint) {
            return InvalidRequest.ofOption(option, word, why, hint);
        }

        Mount.Named named(String name, boolean copies) {
            return new Mount.Named(NamedVolumes.checked("use '" + word + "' for " + option, name), copies);
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
