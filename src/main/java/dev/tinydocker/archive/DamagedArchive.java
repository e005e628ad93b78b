package dev.tinydocker.archive;

/** What is wrong with an archive; {@link LayerReader} adds which entry it was. */
final class DamagedArchive extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DamagedArchive(String why) {
        super(why);
    }
}
