package dev.tinydocker.shell;

import dev.tinydocker.volume.MountParser;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the words of a command want of the host of whoever gives it, read without the command itself: its files and its
 * variables. Words that are wrong are passed on as they are, for the engine to say so.
 */
public final class HostWords {

    private static final String STANDARD = "-";
    private static final Predicate<String> FOLLOWS = Pattern.compile("-\\w*L\\w*|--follow-link(=.*)?")
            .asMatchPredicate();
    /** A profile that is a file: its option with all that stands before the path, and the path. */
    private static final Pattern PROFILE = Pattern.compile("(seccomp[=:])(?!(?:builtin|default|unconfined)?$)(.+)",
            Pattern.DOTALL);
    private static final Set<String> GROUPS = Set.of("container", "image");
    private static final OptionSpec INPUT = OptionSpec.value('i', "input", "FILE", "");
    private static final OptionSpec OUTPUT = OptionSpec.value('o', "output", "FILE", "");
    /** The commands that have to do with the host's files, and how their options are read. */
    private static final Map<String, Usage> COMMANDS = Map.of("run", usage(RunOptions.ALL).optionsComeFirst(),
            "exec", usage(RunOptions.ALL).optionsComeFirst(), "plan",
            usage(PlanCommand.options()).optionsComeFirst(), "load", usage(List.of(INPUT)),
            "save", usage(List.of(OUTPUT)), "export", usage(List.of(OUTPUT)),
            "import", usage(List.of(ImportCommand.CHANGE, ImportCommand.MESSAGE, RunOptions.PLATFORM)));

    private final List<String> argv;
    private final Places places;
    private final List<String> placed = new ArrayList<>();
    private final Set<String> variables = new TreeSet<>();
    private final List<String> environments = new ArrayList<>();
    private String command = "";

    /** Where a file of the host is for the engine. */
    @FunctionalInterface
    public interface Places {

        /**
         * Its path there.
         *
         * @param what what the file is to be, as in {@code rootfs}
         */
        String place(String what, String path);

        /** The same of a path that may be a link, where that is meant itself and not what it leads to. */
        default String placeUnfollowed(String what, String path) {
            return place(what, path);
        }
    }

    private HostWords(List<String> argv, Places places) {
        this.argv = argv;
        this.places = places;
        read();
    }

    public static HostWords of(List<String> argv) {
        return new HostWords(List.copyOf(argv), (_, path) -> path);
    }

    private static Usage usage(List<OptionSpec> options) {
        return Usage.of("", "", "").options(options);
    }

    /** The same words with the paths that the engine needs. */
    public List<String> placed(Places other) {
        return List.copyOf(new HostWords(argv, other).placed);
    }

    /**
     * The variables that a container is to have as the user has them. Files of variables may name some as well; one
     * that cannot be read is for the engine to complain of.
     *
     * @param directory what relative paths start from
     */
    public Set<String> variables(Path directory) {
        Set<String> all = new TreeSet<>(variables);
        environments.forEach(file -> all.addAll(EnvironmentReader.names(directory.resolve(file))));
        return all;
    }

    private void read() {
        ListIterator<String> words = argv.listIterator();
        if (!words.hasNext()) {
            return;
        }
        command = words.next();
        placed.add(command);
        if (GROUPS.contains(command) && words.hasNext()) {
            command = words.next();
            placed.add(command);
        }
        Usage usage = COMMANDS.getOrDefault(command, usage(List.of()));
        boolean options = true;
        for (int count = 0; words.hasNext();) {
            String word = words.next();
            if (!options || !word.startsWith("-") || word.equals(STANDARD)) {
                placed.add(argument(count++, word));
                if (usage.optionsFirst()) {
                    words.forEachRemaining(placed::add);
                }
            } else if (word.equals("--")) {
                placed.add(word);
                options = false;
            } else if (word.startsWith("--")) {
                longOption(usage, word, words);
            } else {
                letters(usage, word, words);
            }
        }
    }

    private void longOption(Usage usage, String word, ListIterator<String> words) {
        int equals = word.indexOf('=');
        OptionSpec option = usage.option(word.substring(2, equals < 0 ? word.length() : equals));
        option(option, equals < 0 ? word : word.substring(0, equals + 1), equals < 0 ? "" : word.substring(equals + 1),
                words);
    }

    private void letters(Usage usage, String word, ListIterator<String> words) {
        for (int i = 1; i < word.length(); i++) {
            OptionSpec option = usage.option(word.charAt(i));
            boolean last = i + 1 == word.length();
            if (last || option != null && option.takesValue()) {
                int value = !last && word.charAt(i + 1) == '=' ? i + 2 : i + 1;
                option(option, word.substring(0, value), word.substring(value), words);
                return;
            }
        }
    }

    /** @param spelling with all that stands before the value */
    private void option(@Nullable OptionSpec option, String spelling, String value,
            ListIterator<String> words) {
        if (option == null || !option.takesValue()) {
            placed.add(spelling + value);
            return;
        }
        if (value.isEmpty() && !spelling.endsWith("=") && words.hasNext()) {
            placed.add(spelling);
            placed.add(value(option.name(), words.next()));
        } else {
            placed.add(spelling + value(option.name(), value));
        }
    }

    private String value(String option, String value) {
        switch (option) {
            case "rootfs", "env-file", "cidfile", "input", "output" -> {
                if (option.equals("env-file") && !value.isEmpty()) {
                    environments.add(value);
                }
                return value.equals(STANDARD) || value.isEmpty() ? value : places.place(option, value);
            }
            case "volume" -> {
                int colon = value.indexOf(':');
                return colon > 0 && isPath(value)
                        ? places.place(option, value.substring(0, colon)) + value.substring(colon) : value;
            }
            case "mount" -> {
                return MountParser.mountElsewhere(value, source -> places.place(option, source));
            }
            case "security-opt" -> {
                Matcher profile = PROFILE.matcher(value);
                return profile.matches() ? profile.group(1) + places.place("profile", profile.group(2)) : value;
            }
            case "env" -> {
                if (!value.contains("=")) {
                    variables.add(value);
                }
                return value;
            }
            default -> {
                return value;
            }
        }
    }

    private static boolean isPath(String value) {
        return value.startsWith("/") || value.startsWith(".");
    }

    private String argument(int index, String word) {
        boolean file = switch (command) {
            case "cp" -> isPath(word) || !word.contains(":");
            case "import" -> index == 0 && !word.contains("://");
            default -> false;
        };
        if (!file || word.equals(STANDARD) || word.isEmpty()) {
            return word;
        }
        return command.equals("cp") ? copied(index == 0, word) : places.place(command, word);
    }

    /**
     * A path of {@code cp}. Its end says something: before a slash there must be a directory, and a dot stands for what
     * is in it. A source that is a link has its own name, and is copied itself where nothing has it followed.
     */
    private String copied(boolean source, String word) {
        boolean content = word.equals(".") || word.endsWith("/.");
        String end = content ? "/." : word.endsWith("/") ? "/" : "";
        if (!source || content) {
            return places.place(command, word) + end;
        }
        if (!end.isEmpty() || argv.stream().anyMatch(FOLLOWS)) {
            // What it leads to has to be there as well.
            places.place(command, word);
        }
        return places.placeUnfollowed(command, word) + end;
    }
}
