package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.registry.RegistryService;
import dev.tinydocker.registry.SearchHit;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** {@code search}: finds repositories of a registry by a part of their name. */
@Component
final class SearchCommand extends ShellCommand {

    private static final OptionSpec LIMIT = OptionSpec.number("limit", "NUMBER", "how many at most, 1 to 100 (25)");
    private static final OptionSpec FILTER = OptionSpec.value('f', "filter", "KEY=VALUE",
            "only those that fit: stars=NUMBER or more, is-official=true");
    private static final OptionSpec NO_TRUNC = OptionSpec.flag("no-trunc", "cut nothing short");
    private static final OptionSpec FORMAT = OptionSpec.value("format", "FORMAT",
            "json, table, or a template as in {{.Name}}");
    private static final List<String> FIELDS = List.of("Name", "Description", "StarCount", "IsOfficial");
    private static final Listing LISTING = Listing.of(FIELDS, "Name", "NAME", "Description", "DESCRIPTION", "StarCount",
            "STARS", "IsOfficial", "OFFICIAL");
    private static final int USUAL = 25;
    private static final int MOST = 100;
    private static final int LONGEST = 45;

    private final RegistryService registries;

    SearchCommand(RegistryService registries) {
        super(Usage.of(Usage.IMAGES, "search", "Find repositories in a registry")
                .takes(1, 1, "[REGISTRY/]TERM", Candidates.NOTHING).options(FILTER, LIMIT, NO_TRUNC, FORMAT)
                .example("search localhost:5000/web"));
        this.registries = registries;
    }

    @Override
    int execute(Invocation invocation) {
        boolean whole = invocation.flag(NO_TRUNC);
        Predicate<SearchHit> filter = filter(invocation.values(FILTER));
        int limit = limit(invocation.number(LIMIT).orElse(0));
        List<SearchHit> found = new ArrayList<>();
        int status = Patience.of(invocation.session(), () -> found.addAll(
                registries.forUser(invocation.session().environment()).search(invocation.argument(0),
                        limit)));
        if (status == 0) {
            LISTING.print(invocation.out(), invocation.value(FORMAT).orElse("table"),
                    found.stream().filter(filter).map(hit -> row(hit, whole)).toList());
        }
        return status;
    }

    /** As Docker reads it: 0 is the usual number. */
    static int limit(int wanted) {
        if (wanted < 0 || wanted > MOST) {
            throw InvalidRequest.ofOption("--limit", Integer.toString(wanted), "it is not between 1 and " + MOST,
                    "give how many repositories are to be shown at most");
        }
        return wanted == 0 ? USUAL : wanted;
    }

    static Predicate<SearchHit> filter(List<String> words) {
        Predicate<SearchHit> all = _ -> true;
        for (String word : words) {
            Predicate<SearchHit> one = switch (word) {
                case "is-official=true", "is-official=1" -> SearchHit::official;
                case "is-official=false", "is-official=0" -> hit -> !hit.official();
                case String stars when stars.matches("stars=[0-9]{1,9}") -> {
                    int least = Integer.parseInt(stars.substring(6));
                    yield hit -> hit.stars() >= least;
                }
                default -> throw new InvalidRequest("filter by '" + word + "'", "there is no such filter",
                        "there are stars=NUMBER, is-official=true and is-official=false");
            };
            all = all.and(one);
        }
        return all;
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
