package dev.tinydocker.registry;

import dev.tinydocker.support.Commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority that nobody knows, and what it has signed: {@code ca.crt}, {@code NAME.cert} and {@code NAME.key}. */
final class TestAuthority {

    private final Path directory;

    TestAuthority(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                "ca.key",
                "-out", "ca.crt", "-subj", "/CN=authority of a test", "-days", "2");
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** @param names as in {@code IP:127.0.0.1,DNS:registry.test} */
    void sign(String name, String names) throws IOException {
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", name + ".key",
                "-out", name + ".csr", "-subj", "/CN=" + name);
        Files.writeString(file("ext"), "subjectAltName=" + names + "\n");
        openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-out",
                name + ".cert", "-days", "2", "-extfile", "ext");
    }

    private void openssl(String... words) throws IOException {
        List<String> argv = new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec openssl \"$@\"",
                directory.toString()));
        argv.addAll(List.of(words));
        Commands.run(argv);
    }
}
