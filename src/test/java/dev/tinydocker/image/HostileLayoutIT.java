package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Archives and directories of images whose documents are not what they should be: refused, and nothing is kept. */
class HostileLayoutIT {

    @TempDir
    static Path directory;

    private static ConfigurableApplicationContext context;
    private static ImageService images;

    @BeforeAll
    static void start() {
        context = ImageRooms.start(directory);
        images = context.getBean(ImageService.class);
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "manifest.json | [{}] | its file 'null' is missing",
        "manifest.json | [{\"Config\":null,\"Layers\":[null],\"RepoTags\":[null]}] | is missing",
        "manifest.json | [{\"Config\":\"\\u0000\"}] | is missing",
        "manifest.json | [{\"Config\":\"../../../../../etc/passwd\"}] | is missing",
        "manifest.json | [{\"Config\":\"/etc/passwd\"}] | is missing",
        "manifest.json | [{\"Config\":\"manifest.json\"}] | its configuration is no JSON of that kind",
        "manifest.json | {} | none of Docker's",
        "manifest.json | [[[[ | none of Docker's",
        "index.json | null | its manifest is empty",
        "index.json | {} | is no index of images",
        "index.json | {\"manifests\":[{\"digest\":null}]} | is no digest of SHA-256",
        "index.json | {\"manifests\":[{\"digest\":\"sha256:../../../../../../../../../../etc/passwd\"}]} | is no digest",
        "index.json | {\"manifests\":[{\"digest\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"}]} | is missing",
        "oci-layout | {} | neither index.json nor manifest.json" })
    void documentsOfOtherKindsAreRefused(String name, String content, String why) throws IOException {
        Path layout = Files.createTempDirectory(directory, "layout");
        Files.writeString(layout.resolve(name), content);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> images.load(layout, Optional.empty(), _ -> { }))
                .withMessageContaining(why.replace("its file", "the file"));
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> images.load("a.tar", archive("./" + name, content), Optional.empty(), _ -> { }))
                .withMessageContaining(why.replace("its file", "the file"));
        assertThat(images.list()).isEmpty();
        try (var left = Files.list(directory.resolve("data/blobs/partial"))) {
            assertThat(left).isEmpty();
        }
    }

    /** A name, or what is said beside a name, is read whole: were it endless, so would the engine's memory have to be. */
    @ParameterizedTest
    @CsvSource({ "L, a name in it has", "K, a name in it has", "x, a header of it has" })
    void namesWithoutEndAreRefusedBeforeTheyAreRead(char kind, String why) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", (byte) kind);
        entry.setSize(1L << 32);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header);
        InputStream endless = new InputStream() {
            private long count;

            @Override
            public int read() {
                count++;
                assertThat(count).isLessThan(1 << 20);
                return count <= header.length ? header[(int) count - 1] & 0xff : 'x';
            }
        };
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> images.load("a.tar", endless, Optional.empty(), _ -> { })).withMessageContaining(why);
    }

    /** Two gigabytes of nothing in one block, as GNU tar says it. */
    @Test
    void filesWithHolesAreRefusedBeforeTheyFillTheDisk() throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry("index.json", (byte) 'S');
        byte[] header = new byte[512];
        entry.writeEntryHeader(header);
        byte[] size = "20000000000\0".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, header, 483, size.length);
        byte[] archive = Arrays.copyOf(summed(header), 2048);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> images.load("a.tar", new ByteArrayInputStream(archive), Optional.empty(), _ -> { }))
                .withMessageContaining("'index.json' has holes");
    }

    private static byte[] summed(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        byte[] digits = String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, header, 148, digits.length);
        return header;
    }

    /** With names beside it that lead out, or that no file here could have. */
    private static ByteArrayInputStream archive(String name, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setAddPaxHeadersForNonAsciiNames(true);
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (String other : new String[] { "../../outside", "ü\u0007\u202e", "x/".repeat(3000) + "x", name }) {
                TarArchiveEntry entry = new TarArchiveEntry(other, true);
                byte[] text = content.getBytes(StandardCharsets.UTF_8);
                entry.setSize(text.length);
                tar.putArchiveEntry(entry);
                tar.write(text);
                tar.closeArchiveEntry();
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
