package dev.tinydocker.security;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a user wants of the kernel's security modules; kept with a container as JSON.
 *
 * @param appArmor a profile's name or {@link SecurityWish#UNCONFINED}; null for the engine's own
 * @param landlock false for none of it
 * @param labels what SELinux's labels are to be, as in {@code type:container_t}; or {@code disable}
 */
public record ModuleWish(@Nullable String appArmor, boolean landlock, List<String> labels) {

    public static final ModuleWish DEFAULT = new ModuleWish(null, true, List.of());

    public ModuleWish(@Nullable String appArmor, boolean landlock, @Nullable List<String> labels) {
        this.appArmor = appArmor;
        this.landlock = landlock;
        this.labels = labels == null ? List.of() : List.copyOf(labels);
    }

    ModuleWish withAppArmor(String profile) {
        return new ModuleWish(profile, landlock, labels);
    }

    ModuleWish withoutLandlock() {
        return new ModuleWish(appArmor, false, labels);
    }

    ModuleWish withLabel(String word) {
        return new ModuleWish(appArmor, landlock, Stream.concat(labels.stream(), Stream.of(word)).toList());
    }

    /** Whether no wall of a security module is wanted. */
    boolean none() {
        return SecurityWish.UNCONFINED.equals(appArmor);
    }

    List<String> options() {
        List<String> options = new ArrayList<>();
        if (appArmor != null) {
            options.add("apparmor=" + appArmor);
        }
        labels.forEach(word -> options.add("label=" + word));
        if (!landlock) {
            options.add("landlock=" + SecurityWish.UNCONFINED);
        }
        return options;
    }
}
