package dev.tinydocker.lima;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code limactl --version} says. */
record LimaVersion(String text) {

    static final String LEAST = "2.1.0";

    private static final int MAJOR = 2;
    private static final int MINOR = 1;
    private static final Pattern LINE = Pattern.compile("limactl version v?(\\S+)\\s*");
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\..*");

    /** @param said as in {@code limactl version 2.2.0} */
    static LimaVersion parse(String said) {
        Matcher line = LINE.matcher(said);
        return new LimaVersion(line.matches() ? line.group(1) : "");
    }

    /** One that was built from sources of no release is taken for the newest, as Lima itself does. */
    boolean isEnough() {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.matches()) {
            return true;
        }
        int major = Integer.parseInt(numbers.group(1));
        return major > MAJOR || major == MAJOR && Integer.parseInt(numbers.group(2)) >= MINOR;
    }
}
