package dev.tinydocker.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Which of the kernel's security modules a process can be given a wall by, and what of them is loaded. */
public final class SecurityModules {

    private static final Path APP_ARMOR = Path.of("/sys/module/apparmor/parameters/enabled");
    private static final Path PROFILES = Path.of("/sys/kernel/security/apparmor/profiles");
    private static final Path LOADED = Path.of("/sys/kernel/security/apparmor/policy/profiles");
    private static final Path ENFORCE = Path.of("/sys/fs/selinux/enforce");
    private static final Path CONTEXT = Path.of("/proc/self/attr/current");
    private static final Path SELINUX = Path.of("/etc/selinux");
    private static final String POLICY = "SELINUXTYPE=";
    private static final List<Path> PARSERS = List.of(Path.of("/usr/sbin/apparmor_parser"),
            Path.of("/sbin/apparmor_parser"));

    private SecurityModules() {
    }

    /** The version of Landlock's interface, landlock(7): 2 from Linux 5.19, 6 from 6.12; 0 where there is none. */
    public static int landlock() {
        return (int) Math.max(0, Landlock.syscall(Landlock.CREATE_RULESET, Pointer.NULL, 0, Landlock.VERSION));
    }

    /** Whether AppArmor confines processes, apparmor(7). */
    public static boolean appArmor() {
        return text(APP_ARMOR).startsWith("Y");
    }

    /** The names of AppArmor's profiles that are loaded; none where securityfs is not mounted. */
    public static List<String> appArmorProfiles() {
        return text(PROFILES).lines().map(line -> line.replaceFirst(" \\([a-z]+\\)$", "")).toList();
    }

    /**
     * What is there as long as a profile is loaded: its directory, which is named after it and a number, and stays when
     * the profile is replaced. Where the kernel shows none, what is always there.
     */
    public static Path appArmorProfile(String name) {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(LOADED, name + ".*")) {
            Iterator<Path> found = directories.iterator();
            return found.hasNext() ? found.next() : PROFILES;
        } catch (IOException e) {
            return PROFILES;
        }
    }

    /** The program that loads them, apparmor_parser(8). */
    public static Optional<Path> appArmorParser() {
        return PARSERS.stream().filter(Files::isExecutable).findFirst();
    }

    /** Whether SELinux gives processes contexts, selinux(8): it is on and has a policy. */
    public static boolean seLinux() {
        return Files.exists(ENFORCE) && text(CONTEXT).indexOf(':') > 0;
    }

    /** Whether what its policy does not allow is refused, and not only told. */
    public static boolean seLinuxEnforces() {
        return text(ENFORCE).startsWith("1");
    }

    /** What this host's policy has for containers, NAME = "CONTEXT" in a line; empty where it has nothing. */
    public static String seLinuxContainers() {
        String policy = text(SELINUX.resolve("config")).lines().filter(line -> line.startsWith(POLICY))
                .map(line -> line.substring(POLICY.length()).strip()).findFirst().orElse("targeted");
        return text(SELINUX.resolve(policy).resolve("contexts/lxc_contexts"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    /** The number is the same on every architecture. */
    private static final class Landlock {

        static final long CREATE_RULESET = 444;
        static final int VERSION = 1;

        static {
            Native.register("c");
        }

        static native long syscall(long number, Pointer attributes, long size, long flags);
    }
}
