package dev.tinydocker.problem;

import java.util.HexFormat;
import java.util.regex.Pattern;

/** Text that anybody may have written, made fit for a line on a terminal. */
public final class Printable {

    private static final Pattern UNFIT = Pattern.compile("[\\p{Cntrl}\\p{IsCc}\\p{Cf}\\p{Cs}\\u2028\\u2029]");
    private static final Pattern BREAK = Pattern.compile("[\\t\\n\\r]+");

    private Printable() {
    }

    /**
     * The same in one line: breaks are blanks, and what would steer a terminal, or turn the direction of the text, is
     * shown and not done.
     */
    public static String line(String text) {
        if (!UNFIT.matcher(text).find()) {
            return text;
        }
        return UNFIT.matcher(BREAK.matcher(text).replaceAll(" "))
                .replaceAll(unfit -> "\\\\u" + HexFormat.of().toHexDigits(unfit.group().charAt(0)));
    }
}
