package dev.tinydocker.shell;

/**
 * What a word on the command line could become.
 *
 * @param value the whole word, as it is without quotes
 * @param description a few words on it, may be empty
 * @param whole the word ends here; a directory's name does not
 */
public record Candidate(String value, String description, boolean whole) {
}
