package dev.tinydocker.linux;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/** How /proc/PID/mountinfo is written, proc_pid_mountinfo(5). */
final class MountinfoWords {

    private static final int DIGITS = 3;

    private MountinfoWords() {
    }

    /** A name may have a carriage return in it, which ends no line. */
    static Stream<String> lines(String mountinfo) {
        return Arrays.stream(mountinfo.split("\n"));
    }

    /** A word as it was before blanks, breaks and backslashes became octal numbers of three digits. */
    static String plain(String word) {
        if (word.indexOf('\\') < 0) {
            return word;
        }
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        byte[] plain = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            boolean octal = bytes[i] == '\\' && i + DIGITS < bytes.length
                    && digits(bytes, i + 1).matches("[0-3][0-7]{2}");
            plain[length++] = octal ? (byte) Integer.parseInt(digits(bytes, i + 1), 8) : bytes[i];
            i += octal ? DIGITS : 0;
        }
        return new String(plain, 0, length, StandardCharsets.UTF_8);
    }

    private static String digits(byte[] bytes, int from) {
        return new String(bytes, from, DIGITS, StandardCharsets.ISO_8859_1);
    }
}
