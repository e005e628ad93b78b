package dev.tinydocker.linux;

import dev.tinydocker.problem.InvalidRequest;

import java.util.List;
import java.util.Locale;

/** Signals by name and number, signal(7), as Linux numbers them on amd64 and arm64 alike. */
public final class Signal {

    public static final int SIGINT = 2;
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGWINCH = 28;

    private static final int SIGRTMIN = 34;
    private static final int SIGRTMAX = 64;

    private static final List<String> NAMES = List.of("", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE",
            "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN",
            "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

    private Signal() {
    }

    /**
     * The number of a signal that is given as {@code TERM}, {@code SIGTERM}, {@code 15} or {@code RTMIN+3}, in any
     * case.
     *
     * @throws InvalidRequest where there is no such signal
     */
    public static int parse(String word) {
        String name = word.toUpperCase(Locale.ROOT);
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        int number = NAMES.indexOf(name);
        if (number > 0) {
            return number;
        }
        try {
            number = numeric(name);
        } catch (NumberFormatException e) {
            number = 0;
        }
        if (number < 1 || number > SIGRTMAX) {
            throw new InvalidRequest("use the signal '" + word + "'", "there is no such signal",
                    "give a name as in TERM or SIGTERM, or a number from 1 to " + SIGRTMAX);
        }
        return number;
    }

    private static int numeric(String name) {
        if (name.startsWith("RTMIN")) {
            return name.length() == 5 ? SIGRTMIN : SIGRTMIN + Integer.parseInt(name.substring(5));
        }
        if (name.startsWith("RTMAX")) {
            return name.length() == 5 ? SIGRTMAX : SIGRTMAX + Integer.parseInt(name.substring(5));
        }
        return Integer.parseInt(name);
    }

    /** The name with SIG, as in {@code SIGTERM}. */
    public static String name(int number) {
        if (number > 0 && number < NAMES.size()) {
            return "SIG" + NAMES.get(number);
        }
        return number >= SIGRTMIN && number <= SIGRTMAX ? "SIGRTMIN+" + (number - SIGRTMIN) : "signal " + number;
    }
}
