package dev.tinydocker.security;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Nearest;
import dev.tinydocker.problem.NotFound;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Reads the words of {@code --security-opt}, as Docker and Podman spell them. */
public final class SecurityOption {

    private static final int LONGEST_PROFILE = 1 << 20;
    private static final List<String> KEYS = List.of("no-new-privileges", "seccomp", "systempaths", "unmask");

    private SecurityOption() {
    }

    /**
     * The wish with one option more.
     *
     * @param files finds a file of the user's
     * @throws InvalidRequest where there is no such option, or a profile is wrong
     */
    public static SecurityWish apply(SecurityWish wish, String word, Function<String, Path> files) {
        int equals = word.indexOf('=');
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
                case "builtin", "default" -> null;
                case SecurityWish.UNCONFINED -> SecurityWish.UNCONFINED;
                default -> profile(word, files.apply(value));
            });
            case "systempaths" -> {
                if (!value.equals("unconfined")) {
                    throw invalid(word, "there is no such value", "give systempaths=unconfined");
                }
                yield wish.unmasking(List.of(SecurityWish.ALL));
            }
            case "unmask" -> wish.unmasking(paths(word, value));
            default -> throw invalid(word, "there is no such option",
                    Nearest.to(key, KEYS).map(near -> "did you mean " + near + "?")
                            .orElse("there are " + String.join(", ", KEYS)));
        };
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
        }
        return paths;
    }

    /** A file's text, once it is known that it is a profile. */
    private static String profile(String word, Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > LONGEST_PROFILE) {
                throw invalid(word, "it has more than a MiB", "name a profile of system calls");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            SeccompProfile.parse(file.toString(), text);
            return text;
        } catch (IOException e) {
            String why = Files.exists(file) ? "it cannot be read as text" : "there is none";
            throw new NotFound("read the seccomp profile '" + file + "'", why, "give builtin, unconfined or a file", e);
        }
    }

    private static InvalidRequest invalid(String word, String why, String hint) {
        return new InvalidRequest("use '" + word + "' for --security-opt", why, hint);
    }
}
