package dev.tinydocker.archive;

import dev.tinydocker.linux.ByteSize;
import dev.tinydocker.problem.InvalidRequest;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.util.OptionalLong;

/** What config/application.yml says of archives. Read when the first one comes. */
@Component
public class ArchiveSettings {

    private static final int KILO = 1024;
    private static final long MOST_PATH_BYTES = 1 << 20;

    private final Limits limits;

    /**
     * @param bytes of one archive, decompressed, as in {@code 64g}
     * @param entries of one archive
     * @param path bytes of an entry's name or of a link's target
     * @param ratio of decompressed to compressed bytes of one archive
     */
    public ArchiveSettings(@Value("${tiny.archive.bytes}") String bytes,
            @Value("${tiny.archive.entries}") String entries,
            @Value("${tiny.archive.path}") String path, @Value("${tiny.archive.ratio}") String ratio) {
        this.limits = new Limits(number("tiny.archive.bytes", bytes, Long.MAX_VALUE),
                number("tiny.archive.entries", entries, Long.MAX_VALUE),
                (int) number("tiny.archive.path", path, MOST_PATH_BYTES),
                number("tiny.archive.ratio", ratio, Long.MAX_VALUE));
    }

    public Limits limits() {
        return limits;
    }

    private static long number(String setting, String word, long most) {
        OptionalLong number = ByteSize.parse(word, KILO);
        if (number.isEmpty() || number.getAsLong() < 1 || number.getAsLong() > most) {
            throw new InvalidRequest("read " + setting + " '" + word + "'", "it is no number from 1 to " + most,
                    "write it as in 500000 or 64g; see config/application.yml");
        }
        return number.getAsLong();
    }
}
