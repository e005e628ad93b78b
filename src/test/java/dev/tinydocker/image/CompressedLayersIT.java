package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.support.Commands;
import dev.tinydocker.support.OciLayout;
import dev.tinydocker.support.RegistryProcess;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Docker's archives, whose layers may be compressed in any way, and registries, which take but some. */
class CompressedLayersIT {

    @TempDir
    Path directory;

    private interface Compressor {
        OutputStream over(OutputStream out) throws IOException;
    }

    /** An archive of one image with four layers: plain, gzip, bzip2, xz. */
    private Path archive() throws IOException {
        Path oci = directory.resolve("oci");
        OciLayout.busybox(oci, "1");
        for (int i = 2; i <= 4; i++) {
            OciLayout.addFile(oci, Integer.toString(i - 1), Integer.toString(i), "/file" + i,
                    ("content " + i + "\n").repeat(1000).getBytes(StandardCharsets.UTF_8));
        }
        Path plain = directory.resolve("plain.tar");
        Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "oci:" + oci + ":4", "docker-archive:" + plain
                + ":localhost/all:1");
        Path files = Files.createDirectory(directory.resolve("files"));
        Commands.run("tar", "-C", files.toString(), "-xf", plain.toString());
        Map<?, ?> manifest = (Map<?, ?>) Manifest.JSON.readValue(Files.readString(files.resolve("manifest.json")),
                List.class).getFirst();
        List<Compressor> compressors = List.of(out -> out, GZIPOutputStream::new, BZip2CompressorOutputStream::new,
                XZCompressorOutputStream::new);
        List<?> layers = (List<?>) manifest.get("Layers");
        for (int i = 0; i < compressors.size(); i++) {
            Path layer = files.resolve(String.valueOf(layers.get(i)));
            byte[] tar = Files.readAllBytes(layer);
            try (OutputStream out = compressors.get(i).over(Files.newOutputStream(layer))) {
                out.write(tar);
            }
        }
        Path archive = directory.resolve("archive.tar");
        Commands.run("tar", "-C", files.toString(), "-cf", archive.toString(), ".");
        return archive;
    }

    @Test
    void layersGoToRegistriesAsWhatTheyAreCalled() throws IOException {
        Path archive = archive();
        List<String> said = new ArrayList<>();
        try (RegistryProcess registry = RegistryProcess.open(directory.resolve("registry"));
                ConfigurableApplicationContext context = ImageRooms.start(directory)) {
            ImageService images = context.getBean(ImageService.class);
            for (int again = 0; again < 2; again++) {
                try (InputStream in = Files.newInputStream(archive)) {
                    images.load("archive.tar", in, Optional.empty(), said::add);
                }
            }
            assertThat(said).containsOnly("Loaded image: localhost/all:1");
            String name = registry.name() + "/all:1";
            images.tag("localhost/all:1", name);
            images.push(Reference.parse(name, ""), Map.of(), PullProgress.SILENT);

            String manifest = Commands.run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + name);
            assertThat(Manifest.parse("test", MediaTypes.OCI_MANIFEST, manifest.getBytes(StandardCharsets.UTF_8))
                    .layers()).extracting(Manifest.Descriptor::type).containsExactly(MediaTypes.OCI_LAYER,
                            MediaTypes.OCI_LAYER + "+gzip", MediaTypes.OCI_LAYER, MediaTypes.OCI_LAYER);
            Path copy = directory.resolve("copy");
            Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false",
                    "--dest-compress", "docker://" + name, "oci:" + copy + ":1");
            Commands.run("umoci", "unpack", "--image", copy + ":1", directory.resolve("bundle").toString());
        }
        for (int i = 2; i <= 4; i++) {
            assertThat(directory.resolve("bundle/rootfs/file" + i)).content().startsWith("content " + i);
        }
    }
}
