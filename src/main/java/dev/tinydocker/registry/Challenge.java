package dev.tinydocker.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a registry wants to be convinced: one challenge of {@code WWW-Authenticate}, RFC 9110 section 11.6.1. */
record Challenge(String scheme, Map<String, String> parameters) {

    private static final Pattern PART = Pattern.compile(
            "\\s*(?:([\\w!#$%&'*+.^`|~-]+)\\s*=\\s*"
                    + "(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^\\s,\"]*+))|([\\w-]+)(?=\\s|,|$))\\s*,?");

    /** A header that is longer is not meant to be understood. */
    private static final int LONGEST = 4096;

    /** All challenges of an answer; what cannot be read is left out. */
    static List<Challenge> parse(List<String> headers) {
        List<Challenge> found = new ArrayList<>();
        for (String header : headers) {
            Matcher part = PART.matcher(header);
            while (header.length() <= LONGEST && part.lookingAt()) {
                if (part.group(4) != null) {
                    found.add(new Challenge(part.group(4).toLowerCase(Locale.ROOT), new HashMap<>()));
                } else if (!found.isEmpty()) {
                    String quoted = part.group(2);
                    found.getLast().parameters().put(part.group(1).toLowerCase(Locale.ROOT),
                            quoted == null ? part.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
                }
                part.region(part.end(), header.length());
            }
        }
        return found;
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }
}
