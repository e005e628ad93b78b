package dev.tinydocker.log;

import dev.tinydocker.linux.ByteSize;
import dev.tinydocker.problem.InvalidRequest;

import java.util.Map;

/**
 * {@code --log-opt}: a file is rotated before it would pass {@code maxBytes}, though one line always fits;
 * {@code maxFiles} are kept, the current one counted.
 */
public record LogSettings(long maxBytes, int maxFiles) {

    public static final LogSettings DEFAULT = new LogSettings(10_000_000, 3);

    private static final int MOST_FILES = 1000;

    /**
     * The settings that the options {@code max-size} (k, m, g are powers of 1000) and {@code max-file} ask for.
     *
     * @throws InvalidRequest on other options or values
     */
    public static LogSettings parse(Map<String, String> options) {
        long bytes = DEFAULT.maxBytes;
        int files = DEFAULT.maxFiles;
        for (Map.Entry<String, String> option : options.entrySet()) {
            switch (option.getKey()) {
                case "max-size" -> bytes = bytes(option.getValue());
                case "max-file" -> files = files(option.getValue());
                default -> throw invalid(option.getKey() + "=" + option.getValue(),
                        "there is no option '" + option.getKey() + "'", "there are max-size and max-file");
            }
        }
        return new LogSettings(bytes, files);
    }

    private static long bytes(String word) {
        long bytes = ByteSize.parse(word, 1000).orElseThrow(
                () -> invalid("max-size=" + word, "it is not a size",
                        "give bytes, or a number with k, m or g as in 10m"));
        if (bytes == 0) {
            throw invalid("max-size=" + word, "nothing fits into it",
                    "give bytes, or a number with k, m or g as in 10m");
        }
        return bytes;
    }

    private static int files(String word) {
        String hint = "give how many files are kept, from 1 to " + MOST_FILES;
        try {
            int files = Integer.parseInt(word);
            if (files < 1 || files > MOST_FILES) {
                throw invalid("max-file=" + word, "it is out of range", hint);
            }
            return files;
        } catch (NumberFormatException e) {
            throw invalid("max-file=" + word, "it is not a number", hint);
        }
    }

    private static InvalidRequest invalid(String word, String why, String hint) {
        return InvalidRequest.ofOption("--log-opt", word, why, hint);
    }
}
