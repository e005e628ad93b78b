package dev.tinydocker.shell;

import java.util.List;
import java.util.Optional;

/**
 * A command that is executed on the host, where the engine is elsewhere.
 *
 * @param name its words
 * @param arguments what comes after options, for who reads of it; empty where nothing does
 * @param example as it may be typed
 */
public record HostCommand(String name, String description, List<Option> options, String arguments, String example,
        Deed deed) {

    /** One without options. */
    public HostCommand(String name, String description, Deed deed) {
        this(name, description, List.of(), "", name, deed);
    }

    /**
     * @param letter the short spelling, a blank where there is none
     * @param placeholder what its value is called, {@code DIR} where it is a directory; empty for one without
     */
    public record Option(char letter, String name, String placeholder, String description) {

        OptionSpec spec() {
            if (placeholder.isEmpty()) {
                return OptionSpec.flag(letter, name, description);
            }
            return OptionSpec.value(letter, name, placeholder, description)
                    .offering(placeholder.equals("DIR") ? Candidates.DIRECTORY : Candidates.NOTHING);
        }
    }

    /** What it is to do. */
    @FunctionalInterface
    public interface Deed {

        /**
         * Does it, and returns the exit status.
         *
         * @throws dev.tinydocker.problem.Problem where it cannot be done
         */
        int execute(Given given, Session session);
    }

    /** What it was given. */
    public interface Given {

        /** An option's value; where it was given several times, the last one. */
        Optional<String> value(String option);

        /** Whether it was given an option that takes no value. */
        default boolean has(String option) {
            return value(option).map(Boolean::parseBoolean).orElse(false);
        }
    }

    /** The same, done in another way. */
    public HostCommand doing(Deed other) {
        return new HostCommand(name, description, options, arguments, example, other);
    }

    Usage usage(String group) {
        Usage usage = Usage.of(group, name, description).options(options.stream().map(Option::spec).toList())
                .example(example);
        return arguments.isEmpty() ? usage
                : usage.takes(0, Usage.MANY, arguments, Candidates.NOTHING).optionsComeFirst();
    }
}
