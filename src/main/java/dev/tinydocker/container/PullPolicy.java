package dev.tinydocker.container;

import dev.tinydocker.problem.InvalidRequest;

import java.util.Locale;

/** When an image is pulled before a container is made from it. */
public enum PullPolicy {
    ALWAYS, MISSING, NEVER;

    /** @throws InvalidRequest where it is none of them */
    public static PullPolicy parse(String word) {
        for (PullPolicy policy : values()) {
            if (policy.name().toLowerCase(Locale.ROOT).equals(word)) {
                return policy;
            }
        }
        throw InvalidRequest.ofOption("--pull", word, "it is none of its words", "give always, missing or never");
    }
}
