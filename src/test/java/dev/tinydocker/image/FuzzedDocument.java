package dev.tinydocker.image;

import dev.tinydocker.image.Manifest.Descriptor;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Printable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What {@link DocumentFuzzer} has done with one made-up document: it is refused in one line that a terminal can be
 * given, or what was read of it is complete and can be worked with.
 */
public final class FuzzedDocument {

    private static final String WHAT = "pull 'x'";
    private static final List<String> TYPES = List.of("", MediaTypes.OCI_MANIFEST, MediaTypes.OCI_INDEX,
            MediaTypes.DOCKER_MANIFEST, MediaTypes.DOCKER_LIST, "application/json");

    private FuzzedDocument() {
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        byte[] document = Arrays.copyOfRange(bytes, 1, bytes.length);
        try {
            switch (bytes[0] & 3) {
                case 0 -> manifest(TYPES.get((bytes[0] & 0xff) / 4 % TYPES.size()), document);
                case 1 -> config(document);
                case 2 -> reference(new String(document, StandardCharsets.UTF_8));
                default -> platform(new String(document, StandardCharsets.UTF_8));
            }
        } catch (InvalidRequest e) {
            if (!e.line().equals(Printable.line(e.line())) || e.line().length() > 20_000) {
                throw new AssertionError("no line for a terminal: " + e.line(), e);
            }
        }
    }

    private static void manifest(String type, byte[] bytes) {
        if (Manifest.isIndex(WHAT, type, bytes)) {
            List<Descriptor> members = Manifest.index(WHAT, type, bytes);
            members.forEach(member -> member.annotation("a").length());
            check(Digest.isValid(Manifest.choose(WHAT, members, Platform.host()).id()));
            return;
        }
        Manifest manifest = Manifest.parse(WHAT, type, bytes);
        check(Digest.isValid(manifest.config().id()) && manifest.config().size() <= Manifest.MOST_BYTES);
        manifest.layers().forEach(layer -> check(Digest.isValid(layer.id()) && layer.size() >= 0
                && MediaTypes.isLayer(layer.type())));
    }

    private static void config(byte[] bytes) {
        ImageConfig config = ImageConfig.parse(WHAT, bytes);
        config.diffIds().forEach(id -> check(Digest.isValid(id)));
        config.volumes().forEach(path -> check(path.startsWith("/") && path.length() > 1
                && !List.of(path.split("/")).contains("..")));
        check(config.workingDirectory().isEmpty() || config.workingDirectory().startsWith("/"));
        config.environment().forEach(line -> check(line.indexOf(0) < 0));
        config.labels().forEach((name, value) -> check(name.length() + value.length() >= 0));
        config.history().forEach(step -> check(!ImageConfig.time(step.created()).toString().isEmpty()));
        config.platform().isFor(Platform.host());
    }

    private static void reference(String word) {
        Reference reference = Reference.parse(word, "registry.example");
        check(Reference.parse(reference.toString(), "").equals(reference));
        check(Reference.parse(reference.familiar("registry.example"), "registry.example").equals(reference));
    }

    private static void platform(String word) {
        Platform platform = Platform.parse(word);
        check(Platform.parse(platform.toString()).equals(platform));
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new AssertionError("what was read cannot be worked with");
        }
    }
}
