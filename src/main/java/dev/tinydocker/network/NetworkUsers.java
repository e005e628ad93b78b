package dev.tinydocker.network;

/** Whoever has addresses and ports. */
public interface NetworkUsers {

    /**
     * A container that has ended gives back what it has a moment after its user was answered: waits for that. Returns
     * at once where it has not ended. Not on the thread of networks, which that needs.
     */
    void awaitEnded(String container);
}
