package dev.tinydocker.network;

/** {@code --net}: a network stack with nothing but lo, or the host's own. */
public enum NetworkMode {
    NONE, HOST
}
