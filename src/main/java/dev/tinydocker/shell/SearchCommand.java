package dev.tinydocker.shell;

import dev.tinydocker.registry.RegistryService;
import dev.tinydocker.registry.SearchHit;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code search}: finds repositories of a registry by a part of their name. */
@Component
final class SearchCommand extends ShellCommand {

    private static final OptionSpec LIMIT = OptionSpec.number("limit", "NUMBER", "how many at most (25)");
    private static final OptionSpec NO_TRUNC = OptionSpec.flag("no-trunc", "cut nothing short");
    private static final OptionSpec FORMAT = OptionSpec.value("format", "FORMAT",
            "json, table, or a template as in {{.Name}}");
    private static final List<String> FIELDS = List.of("Name", "Description", "StarCount", "IsOfficial");
    private static final Listing LISTING = Listing.of(FIELDS, "Name", "NAME", "Description", "DESCRIPTION", "StarCount",
            "STARS", "IsOfficial", "OFFICIAL");
    private static final int MOST = 25;
    private static final int LONGEST = 45;

    private final RegistryService registries;

    SearchCommand(RegistryService registries) {
        super(Usage.of(Usage.IMAGES, "search", "Find repositories in a registry")
                .takes(1, 1, "[REGISTRY/]TERM", Candidates.NOTHING).options(LIMIT, NO_TRUNC, FORMAT)
                .example("search localhost:5000/web"));
        this.registries = registries;
    }

    @Override
    int execute(Invocation invocation) {
        boolean whole = invocation.flag(NO_TRUNC);
        List<SearchHit> found = new ArrayList<>();
        int status = Patience.of(invocation.session(), () -> found.addAll(
                registries.forUser(invocation.session().environment()).search(invocation.argument(0),
                        invocation.number(LIMIT).orElse(MOST))));
        if (status == 0) {
            LISTING.print(invocation.out(), invocation.value(FORMAT).orElse("table"),
                    found.stream().map(hit -> row(hit, whole)).toList());
        }
        return status;
    }

    private static Map<String, String> row(SearchHit hit, boolean whole) {
        Map<String, String> row = new LinkedHashMap<>();
        String description = hit.description().replaceAll("\\s+", " ");
        row.put("Name", hit.name());
        row.put("Description", whole || description.length() <= LONGEST ? description
                : description.substring(0, LONGEST - 1) + "…");
        row.put("StarCount", Integer.toString(hit.stars()));
        row.put("IsOfficial", hit.official() ? "[OK]" : "");
        return row;
    }
}
