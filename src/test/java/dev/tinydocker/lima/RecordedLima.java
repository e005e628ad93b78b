package dev.tinydocker.lima;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/**
 * A program that answers as the real limactl has, see {@code src/test/lima/record}. What is to be executed in the
 * virtual machine is executed here, without sudo: the words arrive there as they were given.
 */
final class RecordedLima {

    static final String VERSION = "2.2.0";

    private static final Path RECORDED = Path.of("src/test/lima/recorded");
    private static final String PROGRAM = """
            #!/bin/sh
            home=%s
            say() {
              sed '/^---$/,$d' "$home/$1"
              awk '/^---$/ { n++; next } n == 1' "$home/$1" >&2
              exit "$(tail -n 1 "$home/$1")"
            }
            echo "$*" >>"$home/asked"
            case "$*" in
              --version) say version ;;
              "list tiny-docker --format json")
                [ ! -e "$home/hangs" ] || exec sleep 1000
                say list
                ;;
              "--tty=false shell "*)
                grep -q '"status":"Running"' "$home/list" || say shell
                [ ! -e "$home/unreachable" ] || say unreachable
                cd "$4" && shift 7 && exec "$@"
                ;;
              "--tty=false create "*) cp "$home/after-create" "$home/list" ;;
              "--tty=false start "*)
                [ ! -e "$home/slow" ] || sleep 1000
                [ ! -e "$home/start" ] || say start
                cp "$home/after-start" "$home/list"
                ;;
              "--tty=false delete "*) cp "$home/after-delete" "$home/list" ;;
            esac
            """;

    final Path directory;
    private final Path program;

    /** @param directory where the recorded instance is, and the directory {@code work space} that it shares */
    RecordedLima(Path directory) throws IOException {
        this.directory = directory;
        this.program = executable(directory.resolve("limactl"), PROGRAM.formatted(directory));
        Files.createDirectories(directory.resolve("work space"));
        answer("version", "version-any");
        answer("after-delete", "list-absent");
    }

    static Path executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** From now on a question is answered so. */
    RecordedLima answer(String question, String recorded) throws IOException {
        return says(question, Files.readString(RECORDED.resolve(recorded + "-" + VERSION))
                .replace("/tmp/tiny-lima", directory.toString()));
    }

    RecordedLima says(String question, String text) throws IOException {
        Files.writeString(directory.resolve(question), text);
        return this;
    }

    /** The instance is in that state. */
    RecordedLima in(String state) throws IOException {
        if (state.equals("absent") || state.equals("stopped")) {
            answer("shell", "shell-" + state);
        }
        return answer("list", "list-" + state);
    }

    LimaCtl ctl() {
        return new LimaCtl(new HostProgram(program.toString()), "tiny-docker", Duration.ZERO);
    }

    Path workspace() {
        return directory.resolve("work space");
    }

    /** What was asked, in order. */
    List<String> asked() throws IOException {
        Path asked = directory.resolve("asked");
        return Files.exists(asked) ? Files.readAllLines(asked) : List.of();
    }
}
