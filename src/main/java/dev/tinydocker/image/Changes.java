package dev.tinydocker.image;

import dev.tinydocker.problem.InvalidRequest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code --change} says, in the words of a Dockerfile. */
public final class Changes {

    private final List<String> lines;

    private Changes(List<String> lines) {
        this.lines = List.copyOf(lines);
    }

    /**
     * Reads instructions: {@code CMD}, {@code ENTRYPOINT}, {@code ENV}, {@code EXPOSE}, {@code
     * HEALTHCHECK}, {@code LABEL}, {@code ONBUILD}, {@code STOPSIGNAL}, {@code USER}, {@code VOLUME}, {@code WORKDIR}.
     *
     * @throws InvalidRequest on another one, and on one that cannot be understood
     */
    public static Changes of(List<String> lines) {
        Changes changes = new Changes(lines);
        // What a variable will be is not known yet: a digit fits wherever something of a kind is wanted.
        changes.read(new Instructions(_ -> "1"));
        return changes;
    }

    /**
     * What is changed, as an image's configuration has it.
     *
     * @param environment what the image has before, {@code NAME=value}; variables in the instructions are of it, and of
     *     what the instructions before them say
     * @throws InvalidRequest where such a variable makes no sense in its place
     */
    Map<String, Object> config(List<String> environment) {
        Map<String, String> values = new LinkedHashMap<>();
        environment.stream().map(line -> line.split("=", 2)).filter(pair -> pair.length == 2)
                .forEach(pair -> values.put(pair[0], pair[1]));
        return read(new Instructions(name -> values.getOrDefault(name, "")));
    }

    private Map<String, Object> read(Instructions instructions) {
        lines.forEach(instructions::add);
        return instructions.config();
    }
}
