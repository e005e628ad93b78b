package dev.tinydocker.cgroup;

import java.util.ArrayList;
import java.util.List;

/** Which devices a container may make and open, as cgroup v1 takes it. */
final class DeviceRules {

    /** Docker's: any device may be made, these may be opened. cgroup-v1/devices in the kernel's documentation. */
    private static final List<String> USUAL = List.of("c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm",
            "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm", "c 5:1 rwm", "c 5:2 rwm", "c 136:* rwm");

    private DeviceRules() {
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
}
