package dev.tinydocker.plan;

import dev.tinydocker.plan.ShellContainer.Part;
import dev.tinydocker.problem.Printable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A plan as a script of sh(1) that makes the same container by hand, with the commands of util-linux, iproute2 and
 * nftables, and takes it away when its program has ended. What cannot be said in that language is said in comments.
 */
public final class ShellScript {

    private static final String FRAME = "by-hand.sh";
    private static final Pattern PLACE = Pattern.compile("@([A-Z_]+)@");

    /**
     * Whose plan it is.
     *
     * @param command as the user has typed it
     * @param run and {@code data}, its directories, which in the script are others
     * @param links how many networks it is connected to
     * @param ports of this host that lead to it
     */
    public record Subject(String command, String id, Path run, Path data, int links, List<Port> ports) {
    }

    /** @param address of this host, empty for all it has; {@code hostPort} 0 is any */
    public record Port(String protocol, String address, int hostPort, int containerPort) {
    }

    private final Subject subject;
    private final Map<Part, StringBuilder> parts = new EnumMap<>(Part.class);
    private int number;

    private ShellScript(Subject subject) {
        this.subject = subject;
        for (Part part : Part.values()) {
            parts.put(part, new StringBuilder());
        }
    }

    /** The script. The plan is one that was not started: its networks have no addresses. */
    public static String of(Subject subject, List<HostStep> host, List<ShimStep> shim) {
        return new ShellScript(subject).text(host, shim);
    }

    private String text(List<HostStep> host, List<ShimStep> shim) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(subject.run().toString(), "run");
        variables.put(subject.data().toString(), "data");
        variables.put(subject.id(), "name");
        ShellWords words = new ShellWords(variables);
        ShellHost onHost = new ShellHost(words);
        ShellStart start = new ShellStart();
        ShellContainer container = new ShellContainer(words, start);
        host.forEach(step -> add(step, Part.HOST, onHost.lines(step)));
        for (ShimStep step : shim) {
            ShellContainer.Lines lines = container.lines(step);
            add(step, lines.part(), lines.commands());
        }
        ShellLinks links = new ShellLinks(subject.links(), subject.ports());
        Map<String, String> places = Map.ofEntries(Map.entry("COMMAND", Printable.line(subject.command())),
                Map.entry("HOST", part(Part.HOST)), Map.entry("FIRST", part(Part.FIRST)),
                Map.entry("FILES", part(Part.FILES)), Map.entry("PIVOT", part(Part.PIVOT)),
                Map.entry("LINKS", links.outside().indent(2)), Map.entry("LINKS_INSIDE", links.inside().indent(2)),
                Map.entry("NAMESPACES", start.namespaces()), Map.entry("JOINED", start.joined()),
                Map.entry("LAST", start.last()), Map.entry("BECOMES", start.becomes()));
        // In one go: what a user has written may look like a place.
        return PLACE.matcher(frame()).replaceAll(place -> Matcher.quoteReplacement(places.get(place.group(1))));
    }

    private void add(Step step, Part part, List<String> commands) {
        number++;
        StringBuilder lines = parts.get(part);
        Objects.requireNonNull(lines).append("  # ").append(number).append(". ").append(step.who()).append(": ")
                .append(Printable.line(step.sentence())).append('\n');
        commands.forEach(command -> lines.append("  ").append(command).append('\n'));
    }

    private String part(Part part) {
        return Objects.requireNonNull(parts.get(part)).toString();
    }

    private static String frame() {
        try (InputStream in = Objects.requireNonNull(ShellScript.class.getResourceAsStream(FRAME))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
