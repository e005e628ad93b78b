package dev.tinydocker.shell;

import org.springframework.shell.core.command.CommandOption;

import java.util.ArrayList;
import java.util.List;

/**
 * One option of a command. Drives parsing, help and completion.
 *
 * @param letter the short spelling, a blank where there is none
 * @param names the long spellings without dashes; the first is the one that is shown
 * @param placeholder what the value is called in the help, empty for one that takes no value
 * @param number the value is a whole number
 * @param description what it does, in a few words
 */
record OptionSpec(char letter, List<String> names, String placeholder, boolean number, String description,
        Candidates candidates) {

    /** An option that is there or not; {@code --name=false} takes it back. */
    static OptionSpec flag(char letter, String name, String description) {
        return new OptionSpec(letter, List.of(name), "", false, description, Candidates.NOTHING);
    }

    static OptionSpec flag(String name, String description) {
        return flag(' ', name, description);
    }

    static OptionSpec value(char letter, String name, String placeholder, String description) {
        return new OptionSpec(letter, List.of(name), placeholder, false, description, Candidates.NOTHING);
    }

    static OptionSpec value(String name, String placeholder, String description) {
        return value(' ', name, placeholder, description);
    }

    static OptionSpec number(char letter, String name, String placeholder, String description) {
        return new OptionSpec(letter, List.of(name), placeholder, true, description, Candidates.NOTHING);
    }

    static OptionSpec number(String name, String placeholder, String description) {
        return number(' ', name, placeholder, description);
    }

    /** The same option with a further long spelling. */
    OptionSpec or(String name) {
        List<String> more = new ArrayList<>(names);
        more.add(name);
        return new OptionSpec(letter, List.copyOf(more), placeholder, number, description, candidates);
    }

    /** The same option, with what is offered for its value. */
    OptionSpec offering(Candidates values) {
        return new OptionSpec(letter, names, placeholder, number, description, values);
    }

    String name() {
        return names.getFirst();
    }

    boolean takesValue() {
        return !placeholder.isEmpty();
    }

    /** As people write it: {@code -m, --memory SIZE}. */
    String spelling() {
        String dashes = letter == ' ' ? "    --" : "-" + letter + ", --";
        return dashes + name() + (takesValue() ? " " + placeholder : "");
    }

    /** What Spring Shell knows of it. */
    CommandOption definition() {
        return CommandOption.with().shortName(letter).longName(name()).description(description).required(false)
                .type(takesValue() ? String.class : boolean.class).build();
    }

    /** One use of it on a command line. */
    CommandOption use(String value) {
        return CommandOption.with().shortName(letter).longName(name()).value(value).type(definition().type()).build();
    }
}
