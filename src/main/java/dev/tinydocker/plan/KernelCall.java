package dev.tinydocker.plan;

import java.util.Arrays;
import java.util.List;

/** A system call as strace(1) writes it, with flags by name; arguments that say nothing are left out. */
public record KernelCall(String name, List<String> arguments) {

    public KernelCall {
        arguments = List.copyOf(arguments);
    }

    static KernelCall of(String name, Object... arguments) {
        return new KernelCall(name, Arrays.stream(arguments).map(Object::toString).toList());
    }

    /** A string in quotes; NULL for none. */
    static String quoted(Object text) {
        return text.toString().isEmpty() ? "NULL" : '"' + text.toString() + '"';
    }

    @Override
    public String toString() {
        return name + "(" + String.join(", ", arguments) + ")";
    }
}
