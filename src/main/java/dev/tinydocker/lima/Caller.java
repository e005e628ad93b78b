package dev.tinydocker.lima;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Whoever has given a command. His programs are found and started in his environment, not in that of this JVM, which
 * some command before has started: LIMA_HOME, LIMACTL or PATH may have been set since.
 *
 * @param environment where LIMACTL and LIMA_HOME are relative paths, they are made absolute
 * @param directory what relative paths start from
 */
record Caller(Map<String, String> environment, Path directory) {

    private static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

    Caller {
        Path start = directory;
        Map<String, String> absolute = new HashMap<>(environment);
        // A name without a slash is looked for in PATH.
        absolute.computeIfPresent("LIMACTL",
                (_, path) -> path.contains("/") ? start.resolve(path).normalize().toString() : path);
        absolute.computeIfPresent("LIMA_HOME",
                (_, path) -> path.isEmpty() ? path : start.resolve(path).normalize().toString());
        environment = Map.copyOf(absolute);
    }

    /** Who has given the command of this thread; where nobody has, whoever started this JVM. */
    static Caller current() {
        return CURRENT.isBound() ? CURRENT.get() : new Caller(System.getenv(), Path.of(""));
    }

    /** Does it for him: what this thread starts in there is his. */
    <T> T have(Supplier<T> deed) {
        return ScopedValue.where(CURRENT, this).call(deed::get);
    }

    /** A variable of his, empty where it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}
