package dev.tinydocker.image;

import dev.tinydocker.problem.InvalidRequest;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code HEALTHCHECK [--interval=30s …] CMD …} or {@code HEALTHCHECK NONE}, as an image's configuration has it. */
final class HealthInstruction {

    private static final Map<String, String> TIMES = Map.of("interval", "Interval", "timeout", "Timeout",
            "start-period", "StartPeriod", "start-interval", "StartInterval");
    private static final Map<String, Long> UNITS = Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s",
            1_000_000_000L, "m", 60_000_000_000L, "h", 3_600_000_000_000L);
    private static final Pattern TIME = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|ms|s|m|h)");
    private static final Pattern OPTION = Pattern.compile("--([a-z-]+)=(\\S+)(?:\\s+|$)");

    private HealthInstruction() {
    }

    /**
     * Reads what follows the word.
     *
     * @param command reads what follows {@code CMD} in brackets
     * @param bad makes the error of a reason
     */
    static Map<String, Object> parse(String value, Function<String, List<String>> command,
            Function<String, InvalidRequest> bad) {
        Map<String, Object> check = new LinkedHashMap<>();
        Matcher option = OPTION.matcher(value);
        int at = 0;
        while (option.find(at) && option.start() == at) {
            String name = option.group(1);
            String text = option.group(2);
            if (TIMES.containsKey(name)) {
                check.put(TIMES.get(name), nanoseconds(text, bad));
            } else if (name.equals("retries") && text.matches("\\d{1,9}")) {
                check.put("Retries", Integer.parseInt(text));
            } else {
                throw bad.apply("'--" + name + "=" + text + "' is no option of a check");
            }
            at = option.end();
        }
        String rest = value.substring(at).strip();
        if (rest.equalsIgnoreCase("NONE") && check.isEmpty()) {
            check.put("Test", List.of("NONE"));
        } else if (rest.regionMatches(true, 0, "CMD ", 0, 4)) {
            check.put("Test", test(rest.substring(4).strip(), command));
        } else {
            throw bad.apply("neither CMD nor NONE follows");
        }
        return check;
    }

    private static List<String> test(String text, Function<String, List<String>> command) {
        if (!text.startsWith("[")) {
            return List.of("CMD-SHELL", text);
        }
        List<String> words = new ArrayList<>(List.of("CMD"));
        words.addAll(command.apply(text));
        return words;
    }

    private static long nanoseconds(String text, Function<String, InvalidRequest> bad) {
        Matcher part = TIME.matcher(text);
        BigDecimal all = BigDecimal.ZERO;
        int at = 0;
        while (part.find(at) && part.start() == at) {
            all = all.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(UNITS.getOrDefault(part.group(2),
                    1L))));
            at = part.end();
        }
        if (at == 0 || at < text.length() || all.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw bad.apply("'" + text + "' is no time");
        }
        return all.longValue();
    }
}
