package dev.tinydocker.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.support.Fuzzer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Archives that a {@link Fuzzer} makes up: none does anything but unpack or be refused. As root. */
public final class LayerFuzzer {

    private LayerFuzzer() {
    }

    /** @param directory an empty one */
    public static Fuzzer start(Path directory) throws IOException {
        Path surrounding = Files.createDirectory(directory.resolve("surrounding"));
        Path outside = Files.createDirectory(surrounding.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "untouched");
        Path corpus = Files.createDirectory(directory.resolve("corpus"));
        seeds(corpus);
        String before = TreeListing.of(outside, true);
        return Fuzzer.start(FuzzedLayer.class, corpus, 16384,
                () -> assertThat(TreeListing.of(outside, true)).isEqualTo(before),
                "-Dtiny.fuzz.surrounding=" + surrounding);
    }

    /** Archives to begin with. */
    private static void seeds(Path directory) throws IOException {
        RawTar[] seeds = {
                new RawTar().directory("d", 0755).file("d/f", "text").symlink("l", "d/f").link("h", "d/f"),
                new RawTar().symlink("way", "../outside").file("way/secret", "x"),
                new RawTar().file("../outside/secret", "x"),
                new RawTar().file("a/.wh.b", "").file("a/.wh..wh..opq", "").file(".wh.c", "").directory("c", 0700),
                new RawTar().device("n", '3', 1, 3).device("b", '4', 8, 0).device("p", '6', 0, 0).file("n", "x"),
                new RawTar().gnu('L', "long/name").gnu('K', "long/target").symlink("s", "t"),
                new RawTar().pax("path=p/q", "mtime=1.5", "uid=3000000000", "SCHILY.xattr.user.a=b").file("f", "x"),
                new RawTar().pax("GNU.sparse.map=0,1,4096,1", "GNU.sparse.size=4097").file("s", "xy"),
                new RawTar().pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=s",
                        "GNU.sparse.realsize=9").file("t", "1\n0\n1\n" + "\0".repeat(506) + "x"),
                new RawTar().put("old", 'S', "", 0644, "data".getBytes(StandardCharsets.US_ASCII), header -> {
                    System.arraycopy("ustar  ".getBytes(StandardCharsets.US_ASCII), 0, header, 257, 7);
                    TarHeader.octal(header, 386, 12, 8192);
                    TarHeader.octal(header, 398, 12, 4);
                    TarHeader.octal(header, 483, 12, 8196);
                }) };
        for (int i = 0; i < seeds.length; i++) {
            Files.write(directory.resolve("seed" + i), seeds[i].bytes());
        }
    }
}
