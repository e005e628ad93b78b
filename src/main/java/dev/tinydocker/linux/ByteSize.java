package dev.tinydocker.linux;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 512}, {@code 64k}, {@code 1.5g}, {@code 128MiB}. */
public final class ByteSize {

    private static final Pattern WORD = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kmgtp]?)i?b?");
    private static final String UNITS = "kmgtp";

    private ByteSize() {
    }

    /**
     * The number of bytes, rounded down.
     *
     * @param kilo what k stands for: 1024 for memory, 1000 for files
     * @return empty where the word is no size or is more than a long holds
     */
    public static OptionalLong parse(String word, int kilo) {
        Matcher matcher = WORD.matcher(word.toLowerCase(Locale.ROOT));
        if (word.length() > 40 || !matcher.matches()) {
            return OptionalLong.empty();
        }
        int power = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(kilo).pow(power));
        return bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0 ? OptionalLong.empty()
                : OptionalLong.of(bytes.longValue());
    }
}
