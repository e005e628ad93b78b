package dev.tinydocker.shell;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * How a command is used. Drives parsing, help and completion.
 *
 * @param name one word, or two for a sub command
 * @param group the heading it is listed under; empty for one that is not listed
 * @param least how many arguments it needs
 * @param most how many it takes
 * @param arguments what they are called
 * @param optionsFirst options end at the first word that is none, so that the rest belongs to the container
 * @param candidates what its arguments may be
 */
record Usage(String name, String group, String description, int least, int most, String arguments, boolean optionsFirst,
        Candidates candidates, List<OptionSpec> options, String example) {

    static final int MANY = Integer.MAX_VALUE;
    static final String CONTAINERS = "Containers";
    static final String ENGINE = "Engine";
    static final String IMAGES = "Images";
    static final String ROOTFS = "Root file systems";
    static final String NETWORKS = "Networks";
    static final String VOLUMES = "Volumes";
    static final String DISK = "Disk";

    static final OptionSpec HELP = OptionSpec.flag("help", "show this");

    /** A command without arguments and options. */
    static Usage of(String group, String name, String description) {
        return new Usage(name, group, description, 0, 0, "", false, Candidates.NOTHING, List.of(), name);
    }

    /** The same command with arguments. */
    Usage takes(int least, int most, String arguments, Candidates candidates) {
        return new Usage(name, group, description, least, most, arguments, optionsFirst, candidates, options, example);
    }

    Usage options(OptionSpec... options) {
        return options(List.of(options));
    }

    Usage options(List<OptionSpec> options) {
        return new Usage(name, group, description, least, most, arguments, optionsFirst, candidates, options, example);
    }

    Usage optionsComeFirst() {
        return new Usage(name, group, description, least, most, arguments, true, candidates, options, example);
    }

    Usage example(String example) {
        return new Usage(name, group, description, least, most, arguments, optionsFirst, candidates, options, example);
    }

    /** The option of that long name, null where there is none. */
    @Nullable OptionSpec option(String name) {
        for (OptionSpec option : options) {
            if (option.names().contains(name)) {
                return option;
            }
        }
        return name.equals("help") ? HELP : null;
    }

    /** The option of that letter, null where there is none; {@code -h} is help where it is nothing else. */
    @Nullable OptionSpec option(char letter) {
        for (OptionSpec option : options) {
            if (option.letter() == letter) {
                return option;
            }
        }
        return letter == 'h' ? HELP : null;
    }

    /** As in {@code stop [OPTIONS] CONTAINER...}. */
    String synopsis() {
        return name + (options.isEmpty() ? "" : " [OPTIONS]") + (arguments.isEmpty() ? "" : " " + arguments);
    }
}
