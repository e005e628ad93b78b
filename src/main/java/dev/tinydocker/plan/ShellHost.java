package dev.tinydocker.plan;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The engine's steps as commands of a shell. A switch without a default, so that no step is left out of a script. */
final class ShellHost {

    private final ShellWords words;

    ShellHost(ShellWords words) {
        this.words = words;
    }

    List<String> lines(HostStep step) {
        return switch (step) {
            case HostStep.MakeDirectory s -> List.of("mkdir -p -m " + octal(s.mode()) + " " + words.of(s.path()));
            case HostStep.Own s -> List.of(
                    "chown " + Integer.toUnsignedString(s.user()) + ":" + Integer.toUnsignedString(s.group()) + " "
                            + words.of(s.path()),
                    "chmod " + octal(s.mode()) + " " + words.of(s.path()));
            case HostStep.WriteFile s -> List.of(
                    "printf %s " + words.of(new String(s.content(), StandardCharsets.UTF_8)) + " >"
                            + words.of(s.path()),
                    "chmod " + octal(s.mode()) + " " + words.of(s.path()));
            case HostStep.Label s -> List.of("chcon " + (s.all() ? "-R " : "") + words.of(s.label()) + " "
                    + words.of(s.path()));
            case HostStep.MakeCgroup s -> List.of("group " + words.of(s.path()));
            case HostStep.FilterDevices _ -> List.of("# cannot be said here: it takes bpf(2), for which no command of "
                    + "util-linux is; this container may use every device that it can make");
            case HostStep.SetCgroup s -> List.of("echo " + words.of(s.value()) + " >" + words.of(s.file()));
        };
    }

    private static String octal(int mode) {
        return "0" + Integer.toOctalString(mode);
    }
}
