package dev.tinydocker.security;

import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.SecurityModules;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The engine's profiles of AppArmor, apparmor.d(5): one for containers that may not mount, one for those that may. Each
 * is loaded when it is first needed, by the system's own program. A name has the text's digest in it, so that one that
 * is loaded is the right one.
 */
final class AppArmor {

    private static final Logger LOG = LoggerFactory.getLogger(AppArmor.class);
    private static final int DIGITS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** For how long a profile that could not be loaded is not tried again: each attempt takes some milliseconds. */
    private static final Duration FAILURE = Duration.ofSeconds(60);

    /**
     * Files and capabilities are others' business. What is refused is what a mount over /proc or /sys, once it is gone,
     * no longer hides: all that docker-default refuses, that is to write anything but processes' own files, cgroups and
     * the limits of shared memory (--sysctl is written before execve(2)); sockets of the kernel's ciphers, which a
     * program of 32 bits can ask for past any filter; and processes outside.
     */
    private static final String RULES = """
              file,
              network,
              deny network alg,
              capability,
              unix,
              signal (receive) peer=unconfined,
              signal (send, receive) peer=tiny-docker-*,
              ptrace (read, readby, trace, tracedby) peer=tiny-docker-*,
              deny /proc/* wl,
              deny /proc/{[^1-9s]*,s[^y]*,sy[^s]*,sys[^/]*}/** wl,
              deny /proc/sys/{[^k],k[^e],ke[^r]}** wl,
              deny /proc/sys/kernel/{[^s],s[^h],sh[^m]}** wl,
              deny /proc/{kcore,kmem,kmsg,mem,sysrq-trigger} rwklx,
              deny /sys/{[^f],f[^s]}*/** wklx,
              deny /sys/fs/{[^c],c[^g],cg[^r]}*/** wklx,
              deny /sys/{firmware,kernel/security,kernel/debug,kernel/tracing}/** rwklx,
              deny /sys/devices/virtual/powercap/** rwklx,
            """;
    /** Who makes a user namespace is others' business too. Only from version 4 on there is a word for that. */
    private static final String USERS = users(Path.of("/etc/apparmor.d/abi"));
    private static final String NO_MOUNTS = "  deny mount,\n  deny umount,\n  deny pivot_root,\n";
    private static final String MOUNTS = "  mount,\n  umount,\n  pivot_root,\n";

    private final boolean there;
    private final Loader loader;
    private final Duration failure;
    /** By what it allows. */
    private final Map<Boolean, Attempt> attempts = new ConcurrentHashMap<>();

    /** @param there whether this kernel has it */
    AppArmor(boolean there) {
        this(there, AppArmor::load, FAILURE);
    }

    AppArmor(boolean there, Loader loader, Duration failure) {
        this.there = there;
        this.loader = loader;
        this.failure = failure;
    }

    /** Loads a profile unless it is there, and gives what exists as long as it is; null where that fails. */
    interface Loader {
        @Nullable Path load(String name, String text);
    }

    /** @param sign null where the profile could not be loaded, when no other attempt is made for a while */
    private record Attempt(String name, @Nullable Path sign, long nanoTime) {
    }

    /**
     * The name of a profile that is loaded; empty where there is no AppArmor, or its program is missing. What somebody
     * has unloaded meanwhile, as aa-remove-unknown(8) does, is loaded again.
     */
    Optional<String> profile(boolean mounts) {
        if (!there) {
            return Optional.empty();
        }
        Attempt attempt = attempts.get(mounts);
        if (attempt == null || !holds(attempt)) {
            attempt = attempts.compute(mounts, (_, last) -> last != null && holds(last) ? last : attempt(mounts));
        }
        return attempt.sign() == null ? Optional.empty() : Optional.of(attempt.name());
    }

    /** One system call: a start asks more than once. */
    private boolean holds(Attempt attempt) {
        return attempt.sign() == null ? System.nanoTime() - attempt.nanoTime() < failure.toNanos()
                : Files.exists(attempt.sign());
    }

    private Attempt attempt(boolean mounts) {
        String name = name(mounts);
        return new Attempt(name, loader.load(name, text(mounts)), System.nanoTime());
    }

    private static @Nullable Path load(String name, String text) {
        try {
            boolean loaded = SecurityModules.appArmorProfiles().contains(name);
            Optional<Path> parser = loaded ? Optional.empty() : SecurityModules.appArmorParser();
            return loaded || parser.isPresent() && load(parser.get(), text, PATIENCE)
                    ? SecurityModules.appArmorProfile(name) : null;
        } catch (IOException e) {
            LOG.warn("the profile {} of AppArmor is not loaded", name, e);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** What the program says is read when it has ended: it is a few lines, for which a pipe has room. */
    static boolean load(Path parser, String text, Duration patience) throws IOException, InterruptedException {
        Process process = Processes.start(new ProcessBuilder(parser.toString(), "--replace", "--skip-cache",
                "--quiet").redirectErrorStream(true));
        try (var in = process.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(patience)) {
            process.destroyForcibly();
            LOG.warn("{} has not loaded a profile within {} s", parser, patience.toSeconds());
            return false;
        }
        if (process.exitValue() != 0) {
            LOG.warn("{} does not load a profile: {}", parser, new String(process.getInputStream().readAllBytes(),
                    StandardCharsets.UTF_8).strip());
        }
        return process.exitValue() == 0;
    }

    static String name(boolean mounts) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(rules(mounts).getBytes(StandardCharsets.UTF_8));
            return "tiny-docker-" + HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String rules(boolean mounts) {
        return RULES + USERS + (mounts ? MOUNTS : NO_MOUNTS);
    }

    /** @param abi where each version that is installed says what it knows */
    static String users(Path abi) {
        return Files.exists(abi.resolve("4.0")) ? "  userns,\n" : "";
    }

    static String text(boolean mounts) {
        return "profile " + name(mounts) + " flags=(attach_disconnected, mediate_deleted) {\n" + rules(mounts) + "}\n";
    }
}
