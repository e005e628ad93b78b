package dev.tinydocker.shell;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Sizes as Docker tells them to people: powers of 1000, a few digits. */
final class Sizes {

    private static final String[] UNITS = { "B", "kB", "MB", "GB", "TB", "PB" };
    private static final double KILO = 1000;

    private Sizes() {
    }

    /** As in {@code 7.83MB}. */
    static String of(long bytes) {
        return of(bytes, 3);
    }

    /** With so many digits at most. */
    static String of(long bytes, int digits) {
        double value = bytes;
        int unit = 0;
        while (value >= KILO && unit < UNITS.length - 1) {
            value /= KILO;
            unit++;
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        return rounded.stripTrailingZeros().toPlainString() + UNITS[unit];
    }
}
