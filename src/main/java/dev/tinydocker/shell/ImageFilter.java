package dev.tinydocker.shell;

import dev.tinydocker.image.Image;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.problem.InvalidRequest;

import dev.tinydocker.problem.Nearest;
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

    private ImageFilter() {
    }

    /** @throws InvalidRequest on a key or a value that is none */
    static ImageFilter of(List<String> words, ImageService images, Clock clock) {
        ImageFilter filter = new ImageFilter();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw bad(word, "it has no value", "write KEY=VALUE, as in dangling=true");
            }
            filter.add(word, word.substring(0, equals), word.substring(equals + 1), images, clock);
        }
        return filter;
    }

    private void add(String word, String key, String value, ImageService images, Clock clock) {
        switch (key) {
            case "dangling" -> {
                boolean wanted = truth(word, value);
                all.add(image -> image.tags().isEmpty() == wanted);
            }
            case "label" -> all.add(image -> hasLabel(image, value));
            case "reference" -> references.add(glob(word, value));
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
            default -> throw bad(word, "there is no filter '" + key + "'", Nearest.to(key, KEYS)
                    .map(near -> "did you mean '" + near + "'?").orElse("there are " + String.join(", ", KEYS)));
        }
    }

    /** Only those of one name: a repository, or one with a tag. */
    void name(String name) {
        references.add(glob(name, name));
    }

    boolean test(Image image) {
        return all.stream().allMatch(predicate -> predicate.test(image)) && (references.isEmpty()
                || image.tags().stream().anyMatch(this::shows));
    }

    /** Whether a name is one of those that are wanted. */
    boolean shows(String tag) {
        return references.isEmpty() || references.stream().anyMatch(glob -> glob.matches(Path.of(tag))
                || glob.matches(Path.of(tag.substring(0, tag.lastIndexOf(':')))));
    }

    private static PathMatcher glob(String word, String value) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + value);
        } catch (PatternSyntaxException e) {
            throw bad(word, "'" + value + "' is no pattern", "write as in 'team/*'");
        }
    }

    private static boolean hasLabel(Image image, String value) {
        int equals = value.indexOf('=');
        String name = equals < 0 ? value : value.substring(0, equals);
        String label = image.config().labels().get(name);
        return label != null && (equals < 0 || label.equals(value.substring(equals + 1)));
    }

    private static boolean truth(String word, String value) {
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw bad(word, "'" + value + "' is neither true nor false", "write dangling=true");
        };
    }

    private static InvalidRequest bad(String word, String why, String hint) {
        return new InvalidRequest("filter by '" + word + "'", why, hint);
    }
}
