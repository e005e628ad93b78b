package dev.tinydocker.cgroup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which devices a container may make and open, as cgroup v1 takes it. */
final class DeviceRules {

    /**
     * Docker's: any device may be made, these may be opened. cgroup-v1/devices in the kernel's documentation. But
     * without c 5:1, which Docker has: that is this host's console, while a container's own is one of its terminals.
     */
    private static final List<String> USUAL = List.of("c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm",
            "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm", "c 5:2 rwm", "c 136:* rwm");

    /** Where a rule has it: kind, major, minor, access. */
    private static final int ACCESS = 3;

    private static final Map<String, String> NAMES = Map.of("c 1:3", "/dev/null", "c 1:5", "/dev/zero", "c 1:7",
            "/dev/full", "c 1:8", "/dev/random", "c 1:9", "/dev/urandom", "c 5:0", "/dev/tty", "c 5:2", "/dev/ptmx",
            "c 136:*", "terminals");

    private DeviceRules() {
    }

    /** Why a rule is there, in half a sentence. */
    static String meaning(String rule) {
        int access = rule.lastIndexOf(' ');
        return rule.endsWith(" m") ? "so that it may make device files, which is not to open them"
                : "so that it may use " + NAMES.getOrDefault(rule.substring(0, access), "what was asked for");
    }

    /** Empty where it may use all there are. */
    static List<String> of(Devices devices, boolean all) {
        if (all || devices.rules().stream().anyMatch(rule -> rule.startsWith("a *:* ") && rule.length() == 9)) {
            return List.of();
        }
        if (devices.equals(Devices.USUAL)) {
            return USUAL;
        }
        List<String> rules = new ArrayList<>(USUAL);
        devices.find().forEach(found -> rules.add(found.rule()));
        devices.rules().forEach(rule -> {
            if (rule.startsWith("a ")) {
                // Version 1 reads an "a" as "everything", whatever follows.
                rules.add("c" + rule.substring(1));
                rules.add("b" + rule.substring(1));
            } else {
                rules.add(rule);
            }
        });
        return rules;
    }

    /** Whether an entry of cgroup v1's {@code devices.list} allows nothing that none of these does. */
    static boolean cover(List<String> rules, String entry) {
        String[] wanted = entry.split("[ :]");
        return wanted[ACCESS].chars().allMatch(letter -> rules.stream().map(rule -> rule.split("[ :]"))
                .anyMatch(rule -> rule[0].equals(wanted[0]) && isWithin(wanted[1], rule[1])
                        && isWithin(wanted[2], rule[2]) && rule[ACCESS].indexOf(letter) >= 0));
    }

    private static boolean isWithin(String number, String allowed) {
        return allowed.equals("*") || allowed.equals(number);
    }

    /** For a person: those that every container has are not told one by one. */
    static String describe(List<String> rules) {
        if (rules.isEmpty()) {
            return "all";
        }
        List<String> more = rules.subList(USUAL.size(), rules.size());
        return more.isEmpty() ? "the usual" : "the usual, " + String.join(", ", more);
    }
}
