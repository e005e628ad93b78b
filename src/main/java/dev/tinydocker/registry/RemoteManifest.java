package dev.tinydocker.registry;

/**
 * A manifest or an index as a registry gave it.
 *
 * @param mediaType what the registry says it is, without parameters; where it says nothing, what the document says
 * @param digest of the bytes, computed from them
 * @param bytes not to be changed
 */
public record RemoteManifest(String mediaType, String digest, byte[] bytes) {
}
