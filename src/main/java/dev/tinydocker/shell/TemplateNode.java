package dev.tinydocker.shell;

import dev.tinydocker.shell.Template.Scope;
import org.jspecify.annotations.Nullable;

import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A part of a template that writes something. */
sealed interface TemplateNode {

    void write(Scope scope, StringBuilder out);

    /** What stands one after the other. */
    record Body(List<TemplateNode> nodes) implements TemplateNode {

        @Override
        public void write(Scope scope, StringBuilder out) {
            nodes.forEach(node -> node.write(scope, out));
        }
    }

    /** What is written as it is. */
    record Text(String text) implements TemplateNode {

        @Override
        public void write(Scope scope, StringBuilder out) {
            out.append(text);
        }
    }

    /** {@code {{VALUE}}}. */
    record Print(TemplateValue value) implements TemplateNode {

        @Override
        public void write(Scope scope, StringBuilder out) {
            out.append(TemplateFunctions.text(value.in(scope)));
        }
    }

    /** {@code {{$NAME := VALUE}}}, or with {@code =} a change of one that is there. */
    record Let(String name, TemplateValue value, boolean declares) implements TemplateNode {

        @Override
        public void write(Scope scope, StringBuilder out) {
            Object found = value.in(scope);
            if (declares) {
                scope.variables().put(name, new @Nullable Object[] { found });
            } else {
                TemplateValue.variable(scope, name)[0] = found;
            }
        }
    }

    /** {@code {{if VALUE}} … {{else}} … {{end}}}. */
    record If(TemplateValue value, Body then, Body otherwise) implements TemplateNode {

        @Override
        public void write(Scope scope, StringBuilder out) {
            boolean is = TemplateFunctions.truth(value.in(scope));
            (is ? then : otherwise).write(scope.inner(scope.dot()), out);
        }
    }

    /** {@code {{with VALUE}} … {{else}} … {{end}}}; the name is empty where none is given. */
    record With(String name, TemplateValue value, Body then, Body otherwise) implements TemplateNode {

        @Override
        public void write(Scope scope, StringBuilder out) {
            Object found = value.in(scope);
            if (TemplateFunctions.truth(found)) {
                Scope inner = scope.inner(found);
                if (!name.isEmpty()) {
                    inner.variables().put(name, new @Nullable Object[] { found });
                }
                then.write(inner, out);
            } else {
                otherwise.write(scope.inner(scope.dot()), out);
            }
        }
    }

    /** {@code {{range $KEY, $EACH := VALUE}} … {{else}} … {{end}}}; names are empty where none are given. */
    record Range(String key, String each, TemplateValue value, Body body, Body otherwise) implements TemplateNode {

        @Override
        public void write(Scope scope, StringBuilder out) {
            Object found = value.in(scope);
            List<Map.Entry<Object, @Nullable Object>> all = new ArrayList<>();
            if (found instanceof Map<?, ?> map) {
                TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
                map.forEach((name, one) -> sorted.put(String.valueOf(name), one));
                sorted.forEach((name, one) -> all.add(new SimpleEntry<>(name, one)));
            } else if (found instanceof Iterable<?> list) {
                list.forEach(one -> all.add(new SimpleEntry<>((long) all.size(), one)));
            } else if (found != null && !scope.headings()) {
                throw new Template.Wrong("'" + TemplateFunctions.text(found) + "' is no list", "");
            }
            if (all.isEmpty()) {
                otherwise.write(scope.inner(scope.dot()), out);
            }
            for (Map.Entry<Object, @Nullable Object> one : all) {
                Scope inner = scope.inner(one.getValue());
                if (!key.isEmpty()) {
                    inner.variables().put(key, new @Nullable Object[] { one.getKey() });
                }
                if (!each.isEmpty()) {
                    inner.variables().put(each, new @Nullable Object[] { one.getValue() });
                }
                body.write(inner, out);
            }
        }
    }
}
