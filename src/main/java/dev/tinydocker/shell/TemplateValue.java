package dev.tinydocker.shell;

import dev.tinydocker.shell.Template.Headings;
import dev.tinydocker.shell.Template.Scope;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A part of a template that has a value. */
sealed interface TemplateValue {

    @Nullable Object in(Scope scope);

    /** {@code .} itself. */
    record Dot() implements TemplateValue {

        @Override
        public @Nullable Object in(Scope scope) {
            return scope.dot();
        }
    }

    /** {@code $NAME}; {@code $} is what the template is filled with. */
    record Variable(String name) implements TemplateValue {

        @Override
        public @Nullable Object in(Scope scope) {
            return variable(scope, name)[0];
        }
    }

    /** A word, a number, true, false, or nil. */
    record Literal(@Nullable Object value) implements TemplateValue {

        @Override
        public @Nullable Object in(Scope scope) {
            return value;
        }
    }

    /** {@code OF.NAME}. */
    record Field(TemplateValue of, String name) implements TemplateValue {

        @Override
        public @Nullable Object in(Scope scope) {
            Object value = of.in(scope);
            if (value instanceof Headings headings) {
                return headings.of(name);
            }
            if (value instanceof Map<?, ?> map) {
                if (map.containsKey(name)) {
                    return map.get(name);
                }
                Set<String> names = map.keySet().stream().map(String::valueOf)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
                throw Template.unknown(name, names);
            }
            throw scope.headings() ? new Template.Wrong("there is no field in '." + name + "'", "")
                    : Template.unknown(name, List.of());
        }
    }

    /** {@code FUNCTION VALUE…}. */
    record Call(String function, List<TemplateValue> values) implements TemplateValue {

        private static final Set<String> SPELLING = Set.of("json", "title", "lower", "upper", "truncate");

        @Override
        public @Nullable Object in(Scope scope) {
            if (scope.headings() && SPELLING.contains(function) && !values.isEmpty()) {
                // A heading is a heading, however the value is spelled.
                Object heading = values.getFirst().in(scope);
                return heading instanceof Headings ? "" : heading;
            }
            if (function.equals("and") || function.equals("or")) {
                return decided(scope);
            }
            List<@Nullable Object> found = new ArrayList<>();
            for (TemplateValue value : values) {
                found.add(value.in(scope));
            }
            return TemplateFunctions.call(function, found);
        }

        /** The first value that decides, or the last one; what comes after it is not looked at. */
        private @Nullable Object decided(Scope scope) {
            Object last = null;
            for (TemplateValue value : values) {
                last = value.in(scope);
                if (TemplateFunctions.truth(last) == function.equals("or")) {
                    return last;
                }
            }
            return last;
        }
    }

    /** @throws Template.Wrong where there is none of that name */
    static @Nullable Object[] variable(Scope scope, String name) {
        @Nullable Object[] holder = scope.variables().get(name);
        if (holder == null) {
            throw new Template.Wrong("there is no variable '" + name + "'", "declare it with {{" + name + " := …}}");
        }
        return holder;
    }
}
