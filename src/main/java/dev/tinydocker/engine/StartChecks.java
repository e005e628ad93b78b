package dev.tinydocker.engine;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.linux.ListeningSocket;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.store.Layout;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has to be right before a context is made: the configuration, the user, and the two roots. Runs before logging is
 * set up, which already needs the data root.
 */
final class StartChecks implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    /** Where the program's own copy of config/application.yml is; what is not in there is no setting. */
    static final String DEFAULTS = "defaults/";

    private static final String PREFIX = "tiny.";
    private static final int MAX_PORT = 65535;
    private static final String MADE_BY_MKFS = "lost+found";
    /** Of the client that starts it, and of systemd. */
    private static final Set<String> BEFORE_THE_ENGINE = Set.of("start.lock", "engine.sock");
    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER - 1;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        ConfigurableEnvironment environment = event.getEnvironment();
        List<String> faults = new ArrayList<>(unknown(environment));
        checkRoot(environment, "tiny.run.root", faults);
        checkRoot(environment, "tiny.data.root", faults);
        checkDuration(environment, "tiny.idle.timeout", faults);
        checkPort(environment, "tiny.metrics.port", faults);
        if (!faults.isEmpty()) {
            throw new InvalidRequest("read the configuration", String.join(", ", faults),
                    "see '" + environment.getProperty("tiny.home")
                    + "/config/application.yml' and the variables TINY_…");
        }
        Layout layout = new Layout(environment.getRequiredProperty("tiny.run.root"),
                environment.getRequiredProperty("tiny.data.root"), environment.getRequiredProperty("tiny.home"));
        checkUser();
        checkLength(layout.engineSocket());
        makeDirectory(layout.runRoot());
        makeDirectory(layout.dataRoot());
        boolean open = isOpenToOthers(layout.dataRoot(), layout.database(), Set.of(MADE_BY_MKFS), "tiny.data.root");
        // Whoever makes the socket closes it, or opens it to its group.
        isOpenToOthers(layout.runRoot(), layout.engineLock(), BEFORE_THE_ENGINE, "tiny.run.root");
        checkLog(layout.engineLog());
        if (open) {
            closeToOthers(layout.dataRoot());
        }
    }

    /** The settings of the user's file that the program's own copy does not have. */
    private static List<String> unknown(ConfigurableEnvironment environment) {
        Set<String> known = new TreeSet<>();
        Set<String> given = new TreeSet<>();
        environment.getPropertySources().stream().filter(EnumerablePropertySource.class::isInstance)
                .filter(source -> source.getName().startsWith("Config resource")).forEach(source -> {
                    Set<String> names = source.getName().contains(DEFAULTS) ? known : given;
                    names.addAll(List.of(((EnumerablePropertySource<?>) source).getPropertyNames()));
                });
        return given.stream().filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .map(name -> "there is no setting '" + name + "'").toList();
    }

    private static void checkRoot(ConfigurableEnvironment environment, String name, List<String> faults) {
        String value = environment.getProperty(name, "");
        if (!value.startsWith("/")) {
            faults.add(name + " '" + value + "' is not an absolute path");
        }
    }

    private static void checkDuration(ConfigurableEnvironment environment, String name, List<String> faults) {
        String value = environment.getProperty(name, "");
        try {
            if (DurationStyle.detectAndParse(value).isNegative()) {
                faults.add(name + " '" + value + "' is negative");
            }
        } catch (IllegalArgumentException e) {
            faults.add(name + " '" + value + "' is not a time as in 90s, 10m or 1h");
        }
    }

    private static void checkPort(ConfigurableEnvironment environment, String name, List<String> faults) {
        String value = environment.getProperty(name, "");
        try {
            int port = Integer.parseInt(value);
            if (port >= -1 && port <= MAX_PORT) {
                return;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number out of range is.
        }
        faults.add(name + " '" + value + "' is not a number from -1 to " + MAX_PORT);
    }

    /** proc(5): the directory of a process belongs to its effective user. */
    private static void checkUser() {
        try {
            if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
                throw new HostLacks("start the engine", "it needs root", "use sudo");
            }
        } catch (IOException e) {
            throw new HostLacks("start the engine", "there is no /proc", "mount it: 'mount -t proc proc /proc'", e);
        }
    }

    private static void checkLength(Path socket) {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > ListeningSocket.LONGEST_PATH) {
            throw new InvalidRequest("listen on '" + socket + "'", "a socket's path has " + ListeningSocket.LONGEST_PATH
                    + " bytes at most, not " + length, "choose a shorter tiny.run.root");
        }
    }

    private static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory.getParent());
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWN));
            }
        } catch (IOException e) {
            throw new SystemFailure("make the directory '" + directory + "'", FileFailures.reason(e),
                    "make it, or change the configuration", e);
        }
    }

    /**
     * Whether others may look into a root.
     *
     * @param mark what an engine leaves in a root of its own
     * @param before names of what may be there before an engine was
     * @throws Conflict where they may, and have files in it: then it is not ours to close
     */
    private static boolean isOpenToOthers(Path root, Path mark, Set<String> before, String setting) {
        try {
            boolean open = !OWN.containsAll(Files.getPosixFilePermissions(root));
            if (open && !Files.exists(mark)) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(root,
                        path -> !before.contains(path.getFileName().toString()))) {
                    if (entries.iterator().hasNext()) {
                        throw new Conflict("use '" + root + "' as " + setting,
                                "it is open to others, and has files of theirs", "give it a directory of its own");
                    }
                }
            }
            return open;
        } catch (IOException e) {
            throw new SystemFailure("look at '" + root + "'", FileFailures.reason(e), "", e);
        }
    }

    /** Layers have set-uid files, and the record has what was told to containers, whoever made the directory. */
    private static void closeToOthers(Path root) {
        try {
            Files.setPosixFilePermissions(root, OWN);
        } catch (IOException e) {
            throw new SystemFailure("close '" + root + "' to others", FileFailures.reason(e),
                    "let tiny.data.root be root's", e);
        }
    }

    private static void checkLog(Path log) {
        try {
            Files.newByteChannel(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
        } catch (IOException e) {
            throw new SystemFailure("write '" + log + "'", FileFailures.reason(e),
                    "let tiny.data.root be on a file system that can be written", e);
        }
    }
}
