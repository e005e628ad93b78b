package dev.tinydocker.lima;

/** What a program has said, and its exit status. */
record Answer(int status, String out, String err) {
}
