package dev.tinydocker.rootfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The registries of packages that this host's apt is told of: what is fetched for a root file system comes from where
 * this host's own packages come from. apt-get(8) indextargets.
 */
final class AptRegistries {

    private static final String CLIENT = DistributionPackage.CLIENT;
    private static final List<String> LIST = List.of(CLIENT, "indextargets", "--format",
            "$(ORIGIN)|$(CODENAME)|$(RELEASE)|$(REPO_URI)", "Created-By: Packages");
    private static final Pattern LINE = Pattern.compile("([^|]*)\\|([^|]+)\\|([^|]+)\\|([a-z+]+:\\S+)");

    private AptRegistries() {
    }

    /**
     * Lines of sources.list(5) for a suite: the registries of that distribution, as for the suite of this host, with
     * its updates where this host has those.
     *
     * @throws IOException where apt is not here, or knows no registry of the distribution
     */
    static List<String> lines(String distribution, String suite, Path directory) throws IOException {
        List<String> lines = read(distribution, suite, directory);
        if (lines.isEmpty()) {
            // A fresh machine does not know whose registries it has before it has asked.
            Command.run(List.of(CLIENT, "-q", "update"), directory);
            lines = read(distribution, suite, directory);
        }
        if (lines.isEmpty()) {
            throw new IOException("this host's apt has no registry of " + distribution);
        }
        return lines;
    }

    private static List<String> read(String distribution, String suite, Path directory) throws IOException {
        return parse(Command.run(LIST, directory), distribution, suite);
    }

    static List<String> parse(String targets, String distribution, String suite) {
        List<String> lines = new ArrayList<>();
        for (Matcher target : targets.lines().map(LINE::matcher).filter(Matcher::matches).toList()) {
            // The code name of an update is that of its suite and a word more.
            String base = target.group(2).replaceFirst("[-/].*", "");
            String release = target.group(3);
            if (target.group(1).equalsIgnoreCase(distribution) && release.startsWith(base)
                    && !release.endsWith("-backports")) {
                lines.add("deb " + target.group(4) + " " + suite + release.substring(base.length()) + " main");
            }
        }
        return lines.stream().distinct().toList();
    }
}
