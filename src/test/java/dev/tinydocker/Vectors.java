package dev.tinydocker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The files of {@code src/test/vectors}, which the tests of the native programs read too. */
public final class Vectors {

    private Vectors() {
    }

    /** One line: bytes, and what they mean. */
    public record Vector(String name, byte[] bytes, String meaning) {

        /** The bytes in hex. */
        public String hex() {
            return HexFormat.of().formatHex(bytes);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** All vectors of a file, in its order. */
    public static List<Vector> read(String file) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("src/test/vectors", file))) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#")).map(Vectors::parse).toList();
        }
    }

    private static Vector parse(String line) {
        String[] fields = line.split(" \\| ", 3);
        return new Vector(fields[0], HexFormat.of().parseHex(fields[1].equals("-") ? "" : fields[1]), fields[2]);
    }
}
