package dev.tinydocker.shell;

import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandRegistry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Docker's further names of commands: {@code container ls} is {@code ps}. They are read and completed as what they
 * stand for, and no list of commands has them.
 */
final class Aliases {

    private static final Map<String, List<String>> ALL = new TreeMap<>();

    static {
        for (String same : List.of("attach", "commit", "cp", "diff", "exec", "export", "kill", "logs", "port", "rm",
                "run", "stats", "stop", "wait")) {
            put("container " + same, same);
        }
        for (String same : List.of("import", "load", "pull", "push", "save", "tag")) {
            put("image " + same, same);
        }
        for (String list : List.of("ls", "list", "ps")) {
            put("container " + list, "ps");
        }
        put("container inspect", "inspect --type=container");
        for (String help : List.of("--help", "-h")) {
            put(help, "help");
        }
        for (String version : List.of("--version", "-v")) {
            put(version, "version");
        }
        put("image ls", "images");
        put("image list", "images");
        put("image rm", "rmi");
        put("image remove", "rmi");
        put("image history", "history");
        put("network list", "network ls");
        put("network remove", "network rm");
        put("volume list", "volume ls");
        put("volume remove", "volume rm");
        put("rootfs ls", "rootfs list");
        put("system info", "info");
    }

    private Aliases() {
    }

    private static void put(String alias, String command) {
        ALL.put(alias, Arrays.asList(command.split(" ")));
    }

    /** The same words, with the command's own name where they begin with another one that no command has itself. */
    static List<String> expand(List<String> argv, CommandRegistry registry) {
        for (int count = Math.min(DockerCommandParser.LONGEST_NAME, argv.size()); count > 0; count--) {
            String alias = String.join(" ", argv.subList(0, count));
            List<String> command = ALL.get(alias);
            if (command != null && registry.getCommandByName(alias) == null && find(command, registry).isPresent()) {
                List<String> expanded = new ArrayList<>(command);
                expanded.addAll(argv.subList(count, argv.size()));
                return expanded;
            }
        }
        boolean help = argv.size() == 2 && (argv.get(1).equals("--help") || argv.get(1).equals("-h"));
        if (help && registry.getCommandByName(argv.getFirst()) == null) {
            return List.of("help", argv.getFirst());
        }
        return argv;
    }

    /** What begins like that, and what it stands for. */
    static Map<String, Command> startingWith(String prefix, CommandRegistry registry) {
        Map<String, Command> found = new TreeMap<>();
        ALL.forEach((alias, words) -> {
            if (alias.startsWith(prefix)) {
                find(words, registry).ifPresent(command -> found.put(alias, command));
            }
        });
        return found;
    }

    private static Optional<Command> find(List<String> words, CommandRegistry registry) {
        List<String> name = words.stream().filter(word -> !word.startsWith("-")).toList();
        return Optional.ofNullable(registry.getCommandByName(String.join(" ", name)));
    }
}
