package dev.tinydocker.shell;

import dev.tinydocker.network.Network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code network ls} tells of one network: texts by the names that Docker's formats know them by. */
final class NetworkRow {

    /** What a template may use. */
    static final List<String> FIELDS = List.of("ID", "Name", "Driver", "Scope", "IPv4", "IPv6", "Internal", "Labels",
            "CreatedAt");

    private NetworkRow() {
    }

    static Map<String, String> of(Network network, boolean whole) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("ID", whole ? network.id() : network.shortId());
        row.put("Name", network.name());
        row.put("Driver", network.driver().word());
        row.put("Scope", "local");
        row.put("IPv4", Boolean.toString(network.driver().hasLinks()));
        row.put("IPv6", Boolean.toString(network.pool6() != null));
        row.put("Internal", Boolean.toString(network.internal()));
        row.put("Labels", network.labels().entrySet().stream().map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(",")));
        row.put("CreatedAt", network.createdAt().toString());
        return row;
    }
}
