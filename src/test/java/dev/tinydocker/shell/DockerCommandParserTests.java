package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandArgument;
import org.springframework.shell.core.command.CommandRegistry;
import org.springframework.shell.core.command.ParsedInput;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class DockerCommandParserTests {

    private static final OptionSpec DETACH = OptionSpec.flag('d', "detach", "");
    private static final OptionSpec INTERACTIVE = OptionSpec.flag('i', "interactive", "");
    private static final OptionSpec TTY = OptionSpec.flag('t', "tty", "");
    private static final OptionSpec REMOVE = OptionSpec.flag("rm", "");
    private static final OptionSpec ENV = OptionSpec.value('e', "env", "NAME=VALUE", "");
    private static final OptionSpec MEMORY = OptionSpec.value('m', "memory", "SIZE", "");
    private static final OptionSpec NETWORK = OptionSpec.value("network", "NAME", "").or("net");
    private static final OptionSpec TIME = OptionSpec.number('n', "time", "SECONDS", "");

    private final DockerCommandParser parser = new DockerCommandParser(new CommandRegistry(Set.<Command>of(
            command(Usage.of("x", "run", "").takes(1, Usage.MANY, "IMAGE [ARG...]", Candidates.IMAGE).optionsComeFirst()
                    .options(DETACH, INTERACTIVE, TTY, REMOVE, ENV, MEMORY, NETWORK, TIME)),
            command(Usage.of("x", "stop", "").takes(1, Usage.MANY, "CONTAINER...", Candidates.CONTAINER)
            .options(ENV, TIME, TTY)),
            command(Usage.of("x", "ps", "")),
            command(Usage.of("x", "image ls", "").takes(0, 1, "[NAME]", Candidates.IMAGE).options(TTY)),
            command(Usage.of("x", "image rm", "").takes(1, 1, "NAME", Candidates.IMAGE)))));

    private static ShellCommand command(Usage usage) {
        return new ShellCommand(usage) {
            @Override
            int execute(Invocation invocation) {
                return 0;
            }
        };
    }

    /** A line, the options and the arguments it has. */
    static Stream<Arguments> lines() {
        return Stream.of(
                arguments("run busybox", "", "busybox"),
                arguments("run busybox ls -l", "", "busybox ls -l"),
                arguments("run --rm busybox ls --rm -d", "rm=true", "busybox ls --rm -d"),
                arguments("run -it busybox", "interactive=true tty=true", "busybox"),
                arguments("run -itd busybox", "interactive=true tty=true detach=true", "busybox"),
                arguments("run --memory=128m busybox", "memory=128m", "busybox"),
                arguments("run --memory 128m busybox", "memory=128m", "busybox"),
                arguments("run -m 128m busybox", "memory=128m", "busybox"),
                arguments("run -m128m busybox", "memory=128m", "busybox"),
                arguments("run -m=128m busybox", "memory=128m", "busybox"),
                arguments("run -itm128m busybox", "interactive=true tty=true memory=128m", "busybox"),
                arguments("run -itm 128m busybox", "interactive=true tty=true memory=128m", "busybox"),
                arguments("run -e A=1 -eB=2 -e=C=3 --env D=4 --env=E=5 b", "env=A=1 env=B=2 env=C=3 env=D=4 env=E=5",
                "b"),
                arguments("run -ite=A=1 b", "interactive=true tty=true env=A=1", "b"),
                arguments("run -e '' b", "env=", "b"),
                arguments("run -e= b", "env=", "b"),
                arguments("run --env= b", "env=", "b"),
                arguments("run --env 'A=b c' b", "env=A=b c", "b"),
                arguments("run -e -d b", "env=-d", "b"),
                arguments("run -e -- b", "env=--", "b"),
                arguments("run --rm=false b", "rm=false", "b"),
                arguments("run --rm=0 -d=t -t=FALSE b", "rm=false detach=true tty=false", "b"),
                arguments("run --rm false", "rm=true", "false"),
                arguments("run --net none b", "network=none", "b"),
                arguments("run --network=host b", "network=host", "b"),
                arguments("run -- b -d", "", "b -d"),
                arguments("run -d -- -d", "detach=true", "-d"),
                arguments("run b -- x", "", "b -- x"),
                arguments("run - -d", "", "- -d"),
                arguments("run b '' x", "", "b  x"),
                arguments("run -n -1 b", "time=-1", "b"),
                arguments("stop a b -n 3 c", "time=3", "a b c"),
                arguments("stop a -t b", "tty=true", "a b"),
                arguments("stop a -- -t", "", "a -t"),
                arguments("stop -- -t -- x", "", "-t -- x"),
                arguments("stop a -", "", "a -"),
                arguments("image ls -t busybox", "tty=true", "busybox"),
                arguments("ps --help", "help=true", ""),
                arguments("stop --help", "help=true", ""),
                arguments("ps -h", "help=true", ""));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void theGrammarIsDockers(String line, String options, String arguments) {
        ParsedInput input = parser.parse(line);
        assertThat(String.join(" ", input.options().stream().map(use -> use.longName() + "=" + use.value()).toList()))
                .isEqualTo(options);
        assertThat(String.join(" ", input.arguments().stream().map(CommandArgument::value).toList()))
                .isEqualTo(arguments);
    }

    @Test
    void wordsGivenAsWordsStayWords() {
        ParsedInput input = parser.parse(List.of("run", "--env", "A=b  'c' \"d\" \\ # e", "busybox", "echo", "", "a b",
                "'q'"));
        assertThat(input.options().getFirst().value()).isEqualTo("A=b  'c' \"d\" \\ # e");
        assertThat(input.arguments()).extracting(CommandArgument::value).containsExactly("busybox", "echo", "", "a b",
                "'q'");
    }

    @Test
    void aSubCommandIsPartOfTheName() {
        ParsedInput input = parser.parse("image ls x");
        assertThat(input.commandName()).isEqualTo("image");
        assertThat(input.subCommands()).containsExactly("ls");
        assertThat(input.arguments()).containsExactly(new CommandArgument(0, "x"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            pss          | cannot execute 'pss': there is no such command; did you mean 'ps'?
            RUN          | cannot execute 'RUN': there is no such command; 'help' lists them all
            frobnicate x | cannot execute 'frobnicate': there is no such command; 'help' lists them all
            sotp x       | cannot execute 'sotp': there is no such command; did you mean 'stop'?
            image        | cannot execute 'image': it is no whole command; there are 'image ls', 'image rm'
            image --all  | cannot execute 'image': it is no whole command; there are 'image ls', 'image rm'
            image lls x  | cannot execute 'image lls': there is no such command; did you mean 'image ls'?
            image frobnicate | cannot execute 'image frobnicate': there is no such command; 'help image' lists them all
            'image ls'   | cannot execute 'image ls': there is no such command; did you mean 'image ls'?
            run --memroy=1 b | cannot use '--memroy' with 'run': there is no such option; did you mean '--memory'?
            run --xyzzy b    | cannot use '--xyzzy' with 'run': there is no such option; 'help run' lists them all
            run -itz b   | cannot use '-z' with 'run': there is no such option; 'help run' lists them all
            run --= b    | cannot use '--' with 'run': there is no such option; 'help run' lists them all
            run -e       | cannot use '-e' with 'run': its value is missing; give a NAME=VALUE after it
            run --memory | cannot use '--memory' with 'run': its value is missing; give a SIZE after it
            run --rm=maybe b | cannot use '--rm=maybe' with 'run': 'maybe' is neither true nor false; leave the value out
            run -n x b   | cannot use '-n x' with 'run': 'x' is no whole number; give one as in -n 10
            run          | cannot execute 'run': it takes IMAGE [ARG...] and was given nothing; write 'run [OPTIONS] IMAGE [ARG...]'
            stop         | cannot execute 'stop': it takes CONTAINER... and was given nothing; write 'stop [OPTIONS] CONTAINER...'
            ps x         | cannot execute 'ps': it takes no arguments; write 'ps'
            image rm a b | cannot execute 'image rm': it takes NAME and was given 2 words; write 'image rm NAME'
            """)
    void whatIsWrongIsSaidInOneLine(String line, String message) {
        assertThatThrownBy(() -> parser.parse(line)).isInstanceOfSatisfying(InvalidRequest.class,
                problem -> assertThat(problem.line()).isEqualTo(message));
    }
}
