package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;

/**
 * The keys with which a user leaves a process that runs on, one after the other. Docker's
 * {@code --detach-keys}: {@code ctrl-p,ctrl-q} unless told otherwise.
 *
 * @param codes what a terminal sends for each, a character for a byte
 */
record DetachKeys(String codes) {

    static final OptionSpec OPTION = OptionSpec.value("detach-keys", "KEYS",
            "what to type to leave it running, ctrl-p,ctrl-q unless told otherwise");

    /** What ctrl- makes of each of these is its place in this list, ascii(7). */
    private static final String CONTROL = "@abcdefghijklmnopqrstuvwxyz[\\]^_";
    private static final String PREFIX = "ctrl-";

    /** @throws InvalidRequest where it was given and is no list of keys */
    static DetachKeys of(Invocation invocation) {
        return parse(invocation.value(OPTION).orElse("ctrl-p,ctrl-q"));
    }

    static DetachKeys parse(String list) {
        StringBuilder codes = new StringBuilder();
        for (String key : list.split(",", -1)) {
            codes.append(code(list, key));
        }
        return new DetachKeys(codes.toString());
    }

    private static char code(String list, String key) {
        if (key.length() == 1 && key.charAt(0) < 0x80) {
            return key.charAt(0);
        }
        int control = key.startsWith(PREFIX) && key.length() == PREFIX.length() + 1
                ? CONTROL.indexOf(key.charAt(PREFIX.length()))
                : -1;
        if (control < 0) {
            throw new InvalidRequest("use '--detach-keys " + list + "'", "'" + key + "' is no key",
                    "a key is a character, or ctrl- and one of a-z @ [ \\ ] ^ _, as in ctrl-p,ctrl-q");
        }
        return (char) control;
    }

    int length() {
        return codes.length();
    }

    byte code(int index) {
        return (byte) codes.charAt(index);
    }
}
