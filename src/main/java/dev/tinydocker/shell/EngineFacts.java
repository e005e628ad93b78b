package dev.tinydocker.shell;

/** What only the engine knows of itself. */
public interface EngineFacts {

    /** Where metrics are served, or why they are not. */
    String metrics();

    /**
     * Where the dashboard is, with the token that lets its reader change things.
     *
     * @param anew earlier tokens are good for nothing any more
     */
    String dashboard(boolean anew);
}
