package dev.tinydocker.registry;

import java.util.Optional;

/** Whose credentials are used: those of one user. */
interface Credentials {

    Credentials NONE = account -> Optional.empty();

    /** What is known for a registry. */
    Optional<Credential> find(String account);
}
