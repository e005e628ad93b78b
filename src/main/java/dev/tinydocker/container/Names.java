package dev.tinydocker.container;

import dev.tinydocker.problem.InvalidRequest;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Ids, and names for containers that were given none. */
final class Names {

    private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final List<String> QUALITIES = List.of("agile", "bold", "brisk", "calm", "candid", "clever",
            "daring", "deft", "eager", "fleet", "frank", "gentle", "handy", "keen", "light", "lively", "lucid", "merry",
            "nimble", "patient", "plain", "quick", "quiet", "rapid", "ready", "sharp", "sober", "spry", "steady",
            "sunny", "swift", "tidy");
    private static final List<String> BOATS = List.of("barge", "bark", "brig", "canoe", "caravel", "catboat", "clipper",
            "cog", "coracle", "cutter", "dhow", "dinghy", "dory", "felucca", "ferry", "frigate", "galley", "gondola",
            "gulet", "jolly", "junk", "kayak", "ketch", "lugger", "packet", "pinnace", "pram", "proa", "punt",
            "schooner", "skiff", "sloop", "smack", "tender", "trawler", "tug", "wherry", "yacht", "yawl", "xebec");

    /** Not hexadecimal, so that no other id begins so. */
    private static final String CHECK = "hk";

    private Names() {
    }

    /** 64 hexadecimal digits. */
    static String id() {
        return digits(32);
    }

    /** 32 hexadecimal digits. */
    static String execId() {
        return digits(16);
    }

    /** The same for a check of an engine's own, which no other engine waits for. */
    static String checkId() {
        return CHECK + digits(15);
    }

    static boolean isCheck(String exec) {
        return exec.startsWith(CHECK);
    }

    private static String digits(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** Two words, and the beginning of the id so that two containers hardly ever draw the same. */
    static String of(String id) {
        String quality = QUALITIES.get(RANDOM.nextInt(QUALITIES.size()));
        return quality + "_" + BOATS.get(RANDOM.nextInt(BOATS.size())) + "_" + id.substring(0, 4);
    }

    /** The name itself if it may be one. */
    static String checked(String name) {
        if (!VALID.matcher(name).matches()) {
            throw new InvalidRequest("name the container '" + name + "'", "it is no valid name",
                    "use letters, digits, '_', '.' and '-', two at least, the first a letter or digit");
        }
        return name;
    }
}
