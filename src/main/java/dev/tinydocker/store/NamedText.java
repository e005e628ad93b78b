package dev.tinydocker.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The text of a file that a user has named. Whatever the name leads to, the engine neither waits for it, as for a pipe
 * that nobody writes to, nor takes more of it than it has room for, as of a device that never ends.
 */
public final class NamedText {

    private static final int MIB = 1 << 20;

    private NamedText() {
    }

    /** It is no text that can be read; the message is the cause, as a user is told it. */
    public static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1;

        Unreadable(String why) {
            super(why);
        }
    }

    /** @param mebibytes how much it may be; a file that says to be empty, as those of proc do, is read all the same */
    public static String read(Path file, int mebibytes) throws Unreadable {
        if (!Files.isRegularFile(file)) {
            throw new Unreadable(Files.isDirectory(file) ? "it is a directory"
                    : Files.exists(file) ? "it is a device, a pipe or a socket" : "there is none");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(mebibytes * MIB + 1);
            if (bytes.length > mebibytes * MIB) {
                throw new Unreadable("it has more than " + mebibytes + " MiB");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new Unreadable("it is not text in UTF-8");
        } catch (IOException e) {
            throw new Unreadable("it cannot be read");
        }
    }
}
