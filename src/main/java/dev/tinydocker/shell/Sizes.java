package dev.tinydocker.shell;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Sizes as Docker tells them to people: a few digits. */
final class Sizes {

    private static final String[] UNITS = { "B", "kB", "MB", "GB", "TB", "PB" };
    private static final String[] BINARY_UNITS = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
    private static final double KILO = 1000;
    private static final double KIBI = 1024;
    private static final int BINARY_DIGITS = 4;

    private Sizes() {
    }

    /** As in {@code 7.83MB}. */
    static String of(long bytes) {
        return of(bytes, 3);
    }

    /** With so many digits at most. */
    static String of(long bytes, int digits) {
        return of(bytes, digits, KILO, UNITS);
    }

    /** As in {@code 1.906MiB}, which is how Docker tells memory: powers of 1024. */
    static String binary(long bytes) {
        return of(bytes, BINARY_DIGITS, KIBI, BINARY_UNITS);
    }

    private static String of(long bytes, int digits, double step, String[] units) {
        double value = bytes;
        int unit = 0;
        while (value >= step && unit < units.length - 1) {
            value /= step;
            unit++;
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        return rounded.stripTrailingZeros().toPlainString() + units[unit];
    }
}
