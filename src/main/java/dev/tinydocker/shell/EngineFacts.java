package dev.tinydocker.shell;

/** What only the engine knows of itself, for {@code info}. */
public interface EngineFacts {

    /** Where metrics are served, or why they are not. */
    String metrics();
}
