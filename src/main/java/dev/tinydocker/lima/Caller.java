package dev.tinydocker.lima;

import java.util.Map;
import java.util.function.Supplier;

/**
 * Whoever has given a command. His programs are found and started in his environment, not in that of this JVM, which
 * some command before has started: LIMA_HOME, LIMACTL or PATH may have been set since.
 */
record Caller(Map<String, String> environment) {

    private static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

    Caller {
        environment = Map.copyOf(environment);
    }

    /** Who has given the command of this thread; where nobody has, whoever started this JVM. */
    static Caller current() {
        return CURRENT.isBound() ? CURRENT.get() : new Caller(System.getenv());
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
