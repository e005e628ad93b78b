package dev.tinydocker.linux;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the packet filter refused, in nft's words. */
public final class NftablesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final Pattern ERROR = Pattern.compile("Error: (.*?)(?:; did you mean .*)?(?:\\R|$)");

    NftablesException(String output) {
        super("nft: " + first(output));
    }

    /** Only the first of its errors, without its guess: the rest draws arrows below it, or follows from it. */
    private static String first(String output) {
        Matcher error = ERROR.matcher(output);
        return error.find() ? error.group(1) : output.strip();
    }
}
