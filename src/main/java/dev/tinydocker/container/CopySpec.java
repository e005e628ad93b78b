package dev.tinydocker.container;

/**
 * What is to be copied between a container and this host. A path's end counts: with a slash it must be a directory,
 * with {@code /.} what is in the directory is copied.
 *
 * @param inContainer from the container's root on
 * @param onHost absolute
 * @param follow a link that is to be copied stands for what it leads to
 * @param owners files keep their owners; else all become root's
 */
public record CopySpec(String inContainer, String onHost, boolean follow, boolean owners) {
}
