package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.ContainerSpec;
import dev.tinydocker.container.ImageMissing;
import dev.tinydocker.container.Scripts;
import dev.tinydocker.plan.KernelCall;
import dev.tinydocker.plan.Step;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Printable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.shell.core.command.ParsedInput;
import org.springframework.stereotype.Component;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code plan}: what {@code run} would do with the same words, and does nothing of it. */
@Component
final class PlanCommand extends ShellCommand {

    private static final OptionSpec JSON = OptionSpec.flag("json", "a JSON array of the steps");
    private static final String SHELL = "shell";
    private static final OptionSpec AS = OptionSpec.value("as", SHELL,
            "a script that makes the same container by hand").offering(Candidates.LANGUAGE);

    private final ContainerService containers;
    private final Scripts scripts;
    private final String network;

    PlanCommand(ContainerService containers, Scripts scripts, @Value("${tiny.network.default}") String network) {
        super(Usage.of(Usage.CONTAINERS, "plan", "Show what run would do, without doing it")
                .takes(1, Usage.MANY, "IMAGE [COMMAND] [ARG...]", Candidates.IMAGE).optionsComeFirst()
                .options(options()).example("plan --rm -m 64m busybox sh"));
        this.containers = containers;
        this.scripts = scripts;
        this.network = network;
    }

    /** Those of {@code run}, and how it is told. */
    static List<OptionSpec> options() {
        List<OptionSpec> options = new ArrayList<>(RunOptions.ALL);
        options.add(JSON);
        options.add(AS);
        return options;
    }

    /** A directory takes the place of the image. */
    @Override
    void check(ParsedInput input) {
        String name = RunOptions.ROOTFS.name();
        if (input.options().stream().noneMatch(option -> name.equals(option.longName()))) {
            super.check(input);
        }
    }

    @Override
    int execute(Invocation invocation) {
        ContainerSpec spec = SpecReader.read(invocation, network);
        PrintStream out = invocation.out();
        String language = invocation.value(AS).orElse(null);
        if (language != null) {
            out.print(script(spec, language, invocation));
            return 0;
        }
        List<Step> steps = whole(spec, () -> containers.plan(spec, invocation.err()::println));
        if (invocation.flag(JSON)) {
            out.println(Json.line(steps.stream().map(PlanCommand::json).toList()));
            return 0;
        }
        int number = 0;
        for (Step step : steps) {
            number++;
            out.println(String.format("%4d  %-6s  ", number, step.who()) + Printable.line(step.what()) + ", "
                    + step.why());
            for (KernelCall call : step.calls()) {
                out.println(" ".repeat(16) + Printable.line(call.toString()));
            }
        }
        return 0;
    }

    private String script(ContainerSpec spec, String language, Invocation invocation) {
        if (!language.equals(SHELL) || invocation.flag(JSON)) {
            throw new InvalidRequest("plan as '" + language + "'", language.equals(SHELL)
                    ? "--json is another form" : "a plan is written as shell only", "write --as shell");
        }
        return whole(spec, () -> scripts.script(spec, invocation.typed("run", List.of(AS)),
                invocation.err()::println));
    }

    private static <T> T whole(ContainerSpec spec, Supplier<T> planned) {
        try {
            return planned.get();
        } catch (ImageMissing e) {
            throw new NotFound("plan '" + spec.image() + "'", "the image is not here", "get it with 'pull' first", e);
        }
    }

    private static Map<String, Object> json(Step step) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("who", step.who());
        object.put("phase", step.phase());
        object.put("step", step.getClass().getSimpleName());
        object.put("what", step.what());
        object.put("why", step.why());
        object.put("calls", step.calls().stream().map(KernelCall::toString).toList());
        return object;
    }
}
