package dev.tinydocker.container;

/** The image of a wish is to be pulled first: {@link ContainerService#pull}. Nothing has been done yet. */
public final class ImageMissing extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ImageMissing(String image) {
        super("the image '" + image + "' is to be pulled first", null, false, false);
    }
}
