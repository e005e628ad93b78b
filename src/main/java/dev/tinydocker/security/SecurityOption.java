package dev.tinydocker.security;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Nearest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.store.NamedText;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads the words of {@code --security-opt}, as Docker and Podman spell them. */
public final class SecurityOption {

    private static final int PROFILE_MIB = 1;
    private static final List<String> KEYS = List.of("apparmor", "label", "landlock", "no-new-privileges", "seccomp",
            "systempaths", "unmask");

    /** Also inside of a mount's options, in double quotes. */
    private static final Pattern LABEL = Pattern
            .compile("disable|(user|role|type|filetype):\\w[\\w.-]*|level:[\\w:.,-]+");

    private SecurityOption() {
    }

    /**
     * The wish with one option more.
     *
     * @param files finds a file of the user's
     * @throws InvalidRequest where there is no such option, or a profile is wrong
     */
    public static SecurityWish apply(SecurityWish wish, String word, Function<String, Path> files) {
        // A colon is what Docker had once, and what many files of Compose still have.
        int equals = word.indexOf(word.contains("=") ? '=' : ':');
        String key = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? "" : word.substring(equals + 1);
        return switch (key) {
            case "no-new-privileges" -> wish.withNoNewPrivileges(switch (value) {
                case "", "true" -> true;
                case "false" -> false;
                default -> throw invalid(word, "'" + value + "' is neither true nor false", "give one of them");
            });
            case "seccomp" -> wish.withSeccomp(switch (value) {
                case "" -> throw invalid(word, "it names no profile", "give builtin, unconfined or a file");
                case SecurityWish.BUILTIN, "default" -> SecurityWish.BUILTIN;
                case SecurityWish.UNCONFINED -> SecurityWish.UNCONFINED;
                default -> profile(files.apply(value));
            });
            case "systempaths" -> {
                if (!value.equals("unconfined")) {
                    throw invalid(word, "there is no such value", "give systempaths=unconfined");
                }
                yield wish.unmasking(List.of(SecurityWish.ALL));
            }
            case "unmask" -> wish.unmasking(paths(word, value));
            case "apparmor" -> wish.withModules(wish.modulesOrDefault()
                    .withAppArmor(profileName(word, value)));
            case "landlock" -> {
                if (!value.equals(SecurityWish.UNCONFINED)) {
                    throw invalid(word, "there is no such value", "give landlock=unconfined");
                }
                yield wish.withModules(wish.modulesOrDefault().withoutLandlock());
            }
            case "label" -> wish.withModules(wish.modulesOrDefault().withLabel(label(word, value)));
            default -> throw invalid(word, "there is no such option",
                    Nearest.to(key, KEYS).map(near -> "did you mean " + near + "?")
                            .orElse("there are " + String.join(", ", KEYS)));
        };
    }

    private static String profileName(String word, String value) {
        if (value.isEmpty() || value.chars().anyMatch(letter -> letter <= ' ' || letter == 0x7f)) {
            throw invalid(word, "it names no profile", "give unconfined, or the name of one that is loaded");
        }
        return value;
    }

    private static String label(String word, String value) {
        if (!LABEL.matcher(value).matches()) {
            throw invalid(word, "it is no part of a label of SELinux",
                    "give disable, user:USER, role:ROLE, type:TYPE, level:LEVEL or filetype:TYPE");
        }
        return value;
    }

    private static List<String> paths(String word, String value) {
        if (value.equalsIgnoreCase(SecurityWish.ALL)) {
            return List.of(SecurityWish.ALL);
        }
        List<String> paths = Arrays.asList(value.split(":"));
        for (String path : paths) {
            if (!path.startsWith("/")) {
                throw invalid(word, "'" + path + "' is not an absolute path", "give ALL, or paths parted by colons");
            }
            try {
                pattern(path);
            } catch (PatternSyntaxException e) {
                throw invalid(word, "'" + path + "' is no pattern", "give ALL, or paths parted by colons, as in /proc/*");
            }
        }
        return paths;
    }

    /** The paths that one with stars, question marks or brackets stands for, as a shell has it. */
    static PathMatcher pattern(String path) {
        return FileSystems.getDefault().getPathMatcher("glob:" + path);
    }

    /** A file's text, once it is known that it is a profile. */
    private static String profile(Path file) {
        try {
            String text = NamedText.read(file, PROFILE_MIB);
            SeccompProfile.parse(file.toString(), text);
            return text;
        } catch (NamedText.Unreadable e) {
            throw new NotFound("read the seccomp profile '" + file + "'", String.valueOf(e.getMessage()),
                    "give builtin, unconfined or a file", e);
        }
    }

    private static InvalidRequest invalid(String word, String why, String hint) {
        return InvalidRequest.ofOption("--security-opt", word, why, hint);
    }
}
