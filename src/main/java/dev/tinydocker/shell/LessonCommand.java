package dev.tinydocker.shell;

import dev.tinydocker.lesson.Course;
import dev.tinydocker.lesson.Lesson;
import dev.tinydocker.lesson.LessonShell;
import dev.tinydocker.problem.Printable;
import dev.tinydocker.rootfs.RootfsService;
import org.springframework.stereotype.Component;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * {@code lesson [N]}: a guided course, from chroot to a container. At a terminal each step waits for the user; without
 * one they are done one after the other, and the first that does not show what it should ends it.
 */
@Component
final class LessonCommand extends ShellCommand {

    private static final String TREE = "busybox";
    private static final String LEAVE = "q";

    private final Course course;
    private final RootfsService rootfs;

    LessonCommand(Course course, RootfsService rootfs) {
        super(Usage.of(Usage.ENGINE, "lesson", "A course, from chroot to a container, step by step and for real")
                .takes(0, 1, "[N]", Candidates.LESSON).example("lesson 1"));
        this.course = course;
        this.rootfs = rootfs;
    }

    @Override
    int execute(Invocation invocation) {
        if (invocation.arguments().isEmpty()) {
            list(invocation.out());
            return 0;
        }
        Lesson lesson = course.lesson(invocation.argument(0));
        Session session = invocation.session();
        Path tree = rootfs.catalogue(TREE, session.err()::println).lower().getFirst();
        LessonShell shell = course.begin(lesson, tree);
        try (Session.Interest _ = session.onInterrupt(shell::interrupt)) {
            return follow(lesson, shell, session);
        } finally {
            shell.close();
            say(session, "", "what this lesson has made is gone again");
        }
    }

    private void list(PrintStream out) {
        Map<Integer, Instant> done = course.done();
        Table table = new Table();
        table.add(List.of("LESSON", "DONE", "SUBJECT"));
        for (Lesson lesson : Course.lessons()) {
            Instant when = done.get(lesson.number());
            table.add(List.of(Integer.toString(lesson.number()),
                    when == null ? "-" : LocalDate.ofInstant(when, ZoneOffset.UTC).toString(), lesson.title()));
        }
        out.print(table.text());
        Course.lessons().stream().filter(lesson -> !done.containsKey(lesson.number())).findFirst()
                .ifPresent(lesson -> out.println(next(lesson)));
    }

    private static String next(Lesson lesson) {
        return "next: 'lesson " + lesson.number() + "', " + lesson.title();
    }

    private int follow(Lesson lesson, LessonShell shell, Session session) {
        say(session, "Lesson " + lesson.number() + ": " + lesson.title(), "");
        tell(session, lesson.text());
        int number = 0;
        for (Lesson.Step step : lesson.steps()) {
            number++;
            say(session, "");
            say(session, "Step " + number + " of " + lesson.steps().size());
            tell(session, step.text());
            step.command().forEach(line -> say(session, "    $ " + line));
            int status = step(step, shell, session);
            if (status != 0) {
                say(session, "", "stopped at step " + number + " of " + lesson.steps().size());
                return status;
            }
        }
        course.done(lesson);
        say(session, "", "lesson " + lesson.number() + " is done: " + lesson.steps().size() + " steps");
        Course.lessons().stream().filter(next -> next.number() == lesson.number() + 1)
                .forEach(next -> say(session, next(next)));
        return 0;
    }

    private static int step(Lesson.Step step, LessonShell shell, Session session) {
        boolean asks = Question.canAsk(session);
        // Who is asked may look around for as long as he likes.
        while (true) {
            String typed = asks ? answer(session, shell) : "";
            if (shell.interrupted().isDone() || typed.equals(LEAVE)) {
                return ExitStatuses.INTERRUPTED;
            }
            List<String> printed = Collections.synchronizedList(new ArrayList<>());
            int status = shell.execute(typed.isEmpty() ? step.command() : List.of(typed), line -> {
                printed.add(line);
                say(session, "    " + Printable.line(line));
            });
            List<String> missing = step.missing(List.copyOf(printed), status);
            if (missing.isEmpty()) {
                step.found(printed).forEach(line -> say(session, "    (seen: " + Printable.line(line) + ")"));
                return 0;
            }
            missing.forEach(each -> say(session, "    (not seen: " + each + ")"));
            if (shell.interrupted().isDone()) {
                return ExitStatuses.INTERRUPTED;
            }
            if (!asks) {
                return ExitStatuses.FAILED;
            }
        }
    }

    /** Waits for the user, or for Ctrl-C: a line that is read cannot be interrupted, so another thread reads it. */
    private static String answer(Session session, LessonShell shell) {
        CompletableFuture<String> typed = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("answer").start(() -> typed.complete(Question.answer(session,
                "    Enter does it, or type it yourself; " + LEAVE + " leaves> ").orElse(LEAVE)));
        CompletableFuture.anyOf(typed, shell.interrupted()).join();
        return typed.getNow(LEAVE).strip();
    }

    private static void tell(Session session, List<String> text) {
        Page.folded(text, session.tty().out() ? session.tty().columns() : 0).forEach(line -> say(session, line));
    }

    private static void say(Session session, String... lines) {
        for (String line : lines) {
            session.out().println(line);
        }
        session.out().flush();
    }
}
