package dev.tinydocker.shell;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A list in the form that {@code --format} asks for: a table, JSON by line, or a template.
 *
 * @param columns the fields of the table, in order, and their headings
 * @param fields what a template may use
 */
record Listing(Map<String, String> columns, List<String> fields) {

    /** Fields and headings in turn. */
    static Listing of(List<String> fields, String... columns) {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            ordered.put(columns[i], columns[i + 1]);
        }
        return new Listing(ordered, fields);
    }

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
            table.add(template.headings(columns));
            rows.forEach(row -> table.add(template.cells(row)));
            out.print(table.text());
        } else {
            Template template = Template.of(format).check(fields);
            rows.forEach(row -> out.println(template.fill(row)));
        }
    }
}
