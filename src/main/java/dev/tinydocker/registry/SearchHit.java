package dev.tinydocker.registry;

/**
 * A repository that a search has found. A registry that can only list its repositories knows of none but its name.
 *
 * @param name as it can be pulled: with its registry, where that is not the default one
 */
public record SearchHit(String name, String description, int stars, boolean official) {
}
