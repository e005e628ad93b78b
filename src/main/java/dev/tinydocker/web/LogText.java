package dev.tinydocker.web;

import dev.tinydocker.problem.Printable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a container wrote, as text that does nothing: colours and the cursor's ways are left out, all else is shown. */
final class LogText {

    private static final int LONGEST = 4096;
    /** ECMA-48: control sequences, and strings for the terminal as titles and links are. */
    private static final Pattern SEQUENCE = Pattern.compile(
            "\u001B(?:\\[[0-?]*[ -/]*[@-~]|[\\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\\\)|[ -/]*[0-Z\\\\^-~])");

    private LogText() {
    }

    static String of(byte[] bytes) {
        boolean whole = bytes.length <= LONGEST;
        String text = new String(whole ? bytes : Arrays.copyOf(bytes, LONGEST), StandardCharsets.UTF_8);
        String plain = text.indexOf('\u001B') < 0 ? text : SEQUENCE.matcher(text).replaceAll("");
        // A line that was written over is what it was in the end.
        String end = plain.endsWith("\r") ? plain.substring(0, plain.length() - 1) : plain;
        String last = end.substring(end.lastIndexOf('\r') + 1);
        return Arrays.stream(last.split("\t", -1)).map(Printable::line).collect(Collectors.joining("\t"))
                + (whole ? "" : "…");
    }
}
