package dev.tinydocker.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/** Images for tests, made by umoci: independent of what is tested. */
public final class OciLayout {

    private OciLayout() {
    }

    /**
     * Makes a layout with one image of one layer, the host's static busybox.
     *
     * @param layout does not exist yet; scratch directories lie beside it
     * @param tag of the image
     */
    public static void busybox(Path layout, String tag) throws IOException {
        Path bundle = Path.of(layout + ".bundle");
        Commands.run("umoci", "init", "--layout", layout.toString());
        Commands.run("umoci", "new", "--image", layout + ":" + tag);
        Commands.run("umoci", "unpack", "--image", layout + ":" + tag, bundle.toString());
        BusyboxTree.make(bundle.resolve("rootfs"));
        Commands.run("umoci", "repack", "--image", layout + ":" + tag, bundle.toString());
        Commands.run("umoci", "config", "--image", layout + ":" + tag, "--config.cmd", "/bin/sh", "--config.env",
                "PATH=/bin");
        Commands.run("rm", "-rf", bundle.toString());
    }

    /** Adds a layer with one more file to an image, under another tag. */
    public static void addFile(Path layout, String tag, String newTag, String name, byte[] content) throws IOException {
        Path file = Files.createTempFile(layout.toAbsolutePath().getParent(), "added", "");
        try {
            Files.write(file, content);
            Commands.run("umoci", "insert", "--image", layout + ":" + tag, "--tag", newTag, file.toString(), name);
        } finally {
            Files.delete(file);
        }
    }

    /**
     * Changes the configuration of an image, and what names it.
     *
     * @return the new one
     */
    public static String editConfig(Path layout, String tag, UnaryOperator<String> edit) throws IOException {
        byte[] edited = edit(layout, tag, document -> document.indexOf("\"config\""),
                content -> edit.apply(new String(content, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
        return new String(edited, StandardCharsets.UTF_8);
    }

    /** Changes the topmost layer of an image as it is sent, and what names it by its digest and size. */
    public static void editLayer(Path layout, String tag, UnaryOperator<byte[]> edit) throws IOException {
        edit(layout, tag, document -> document.lastIndexOf("\"digest\""), edit);
    }

    /** @param place where a manifest names the blob */
    private static byte[] edit(Path layout, String tag, ToIntFunction<String> place, UnaryOperator<byte[]> edit)
            throws IOException {
        Path blobs = layout.resolve("blobs/sha256");
        Path index = layout.resolve("index.json");
        String named = Files.readString(index);
        int name = named.indexOf("\"" + tag + "\"");
        String manifest = hex(named.substring(named.lastIndexOf("\"digest\"", name)));
        String document = Files.readString(blobs.resolve(manifest));
        String blob = hex(document.substring(place.applyAsInt(document)));
        byte[] edited = edit.apply(Files.readAllBytes(blobs.resolve(blob)));
        byte[] newDocument = renamed(document, blob, keep(blobs, edited), edited.length)
                .getBytes(StandardCharsets.UTF_8);
        Files.writeString(index, renamed(named, manifest, keep(blobs, newDocument), newDocument.length));
        return edited;
    }

    private static String hex(String json) {
        return json.replaceFirst("(?s).*?\"sha256:([0-9a-f]{64})\".*", "$1");
    }

    private static String keep(Path blobs, byte[] content) throws IOException {
        try {
            String hex = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            Files.write(blobs.resolve(hex), content);
            return hex;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A document in which a blob has another digest and size. */
    private static String renamed(String document, String old, String hex, int bytes) {
        return document.replaceFirst("sha256:" + old + "\",\"size\":[0-9]+", "sha256:" + hex + "\",\"size\":"
                + bytes);
    }
}
