package dev.tinydocker.shell;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A list in the form that {@code --format} asks for: a table, JSON by line, or a template.
 *
 * @param columns the fields of the table, in order, and their headings
 * @param headings those of a table whose fields a template chooses; one that is missing is made of its field's name
 * @param fields what a template may use
 */
record Listing(Map<String, String> columns, Map<String, String> headings, List<String> fields) {

    /** Fields and headings in turn. */
    static Listing of(List<String> fields, String... columns) {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            ordered.put(columns[i], columns[i + 1]);
        }
        return new Listing(ordered, ordered, fields);
    }

    /** The same, but for a heading that the table itself has not. */
    Listing heading(String field, String heading) {
        Map<String, String> others = new LinkedHashMap<>(headings);
        others.put(field, heading);
        return new Listing(columns, others, fields);
    }

    /**
     * Prints it as a command was asked for it.
     *
     * @param quiet the option for nothing but {@code id}, a field
     * @param format the option for the form; without it, it is a table
     */
    void print(Invocation invocation, OptionSpec quiet, String id, OptionSpec format, List<Map<String, String>> rows) {
        if (invocation.flag(quiet)) {
            rows.forEach(row -> invocation.out().println(row.get(id)));
        } else {
            print(invocation.out(), invocation.value(format).orElse(""), rows);
        }
    }

    /** @param format {@code json}, {@code table}, that and a template, or a template; empty for a table */
    void print(PrintStream out, String format, List<Map<String, String>> rows) {
        if (format.equals("json")) {
            rows.forEach(row -> out.println(Json.line(row)));
        } else if (format.equals("table") || format.isEmpty()) {
            Table table = new Table();
            table.add(List.copyOf(columns.values()));
            rows.forEach(row -> table.add(columns.keySet().stream().map(field -> row.getOrDefault(field, ""))
                    .toList()));
            out.print(table.text());
        } else if (format.startsWith("table ")) {
            Template template = Template.of(format.substring(6)).check(fields);
            Table table = new Table();
            table.add(template.headings(headings));
            rows.forEach(row -> table.add(template.cells(row)));
            out.print(table.text());
        } else {
            Template template = Template.of(format).check(fields);
            rows.forEach(row -> out.println(template.fill(row)));
        }
    }
}
