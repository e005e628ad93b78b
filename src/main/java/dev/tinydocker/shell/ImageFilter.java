package dev.tinydocker.shell;

import dev.tinydocker.image.Image;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.problem.InvalidRequest;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;

/**
 * The filters of {@code images}: {@code KEY=VALUE}; all must fit, but for several references, which are alternatives.
 */
final class ImageFilter {

    private static final List<String> KEYS = List.of("before", "dangling", "label", "reference", "since", "until");

    private final List<Predicate<Image>> all = new ArrayList<>();
    private final List<PathMatcher> references = new ArrayList<>();
    private final List<PathMatcher> digests = new ArrayList<>();

    private ImageFilter() {
    }

    /** @throws InvalidRequest on a key or a value that is none */
    static ImageFilter of(List<String> words, ImageService images, Clock clock) {
        ImageFilter filter = new ImageFilter();
        for (String word : words) {
            filter.add(FilterWords.of(word, "dangling=true"), images, clock);
        }
        return filter;
    }

    private void add(FilterWords word, ImageService images, Clock clock) {
        String value = word.value();
        switch (word.key()) {
            case "dangling" -> {
                boolean wanted = word.truth();
                all.add(image -> image.tags().isEmpty() == wanted);
            }
            case "label" -> all.add(image -> FilterWords.has(image.config().labels(), value));
            case "reference" -> reference(word);
            case "before" -> {
                Instant time = images.resolve(value).config().created();
                all.add(image -> image.config().created().isBefore(time));
            }
            case "since" -> {
                Instant time = images.resolve(value).config().created();
                all.add(image -> image.config().created().isAfter(time));
            }
            case "until" -> {
                Instant time = TimeWords.parse(value, clock);
                all.add(image -> image.config().created().isBefore(time));
            }
            default -> throw word.unknown(KEYS);
        }
    }

    /** Only those of one name: a repository, or one with a tag or a digest. */
    void name(String name) {
        reference(new FilterWords(name, "reference", name));
    }

    private void reference(FilterWords word) {
        PathMatcher glob = glob(word);
        references.add(glob);
        if (word.value().indexOf('@') >= 0) {
            digests.add(glob);
        }
    }

    /** An image that has tags is told by those, unless a digest was asked for. */
    boolean test(Image image) {
        Predicate<String> known = image.tags().isEmpty() ? this::shows
                : digest -> digests.stream().anyMatch(glob -> glob.matches(Path.of(digest)));
        return all.stream().allMatch(predicate -> predicate.test(image)) && (references.isEmpty()
                || image.tags().stream().anyMatch(this::shows) || image.digests().stream().anyMatch(known));
    }

    /** Whether a name, {@code REPOSITORY:TAG} or {@code REPOSITORY@DIGEST}, is one of those that are wanted. */
    boolean shows(String name) {
        int at = name.indexOf('@');
        Path repository = Path.of(name.substring(0, at < 0 ? name.lastIndexOf(':') : at));
        return references.isEmpty() || references.stream().anyMatch(glob -> glob.matches(Path.of(name))
                || glob.matches(repository));
    }

    private static PathMatcher glob(FilterWords word) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + word.value());
        } catch (PatternSyntaxException e) {
            throw word.bad("'" + word.value() + "' is no pattern", "write as in 'team/*'");
        }
    }
}
