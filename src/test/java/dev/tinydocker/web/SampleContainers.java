package dev.tinydocker.web;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.log.LogEntry;
import dev.tinydocker.log.LogQuery;
import dev.tinydocker.log.LogReader;
import dev.tinydocker.problem.NotFound;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Containers that only exist in a test: one that runs, whose name and words are hostile. */
final class SampleContainers {

    static final String ID = "3f2a9c1b4d5e".repeat(6).substring(0, 64);
    static final String HOSTILE = "<img src=x onerror=alert(1)>\u001B[2J\u202Egnp";

    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final List<LogEntry> log = new ArrayList<>();
    Runnable whileStopping = () -> { };

    /** The service; what is not asked of it here it has not. */
    ContainerService service() {
        return (ContainerService) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {
            ContainerService.class }, (_, method, arguments) -> switch (method.getName()) {
                case "list" -> List.of();
                case "logs" -> reader(known((String) arguments[0]));
                case "stop", "kill", "remove" -> {
                    calls.add(method.getName() + " " + known((String) arguments[0]));
                    whileStopping.run();
                    yield null;
                }
                default -> throw new UnsupportedOperationException(method.getName());
            });
    }

    private static String known(String id) {
        if (!id.equals(ID)) {
            throw new NotFound("find the container '" + id.substring(0, 12) + "'", "there is none", "see 'tiny ps -a'");
        }
        return id;
    }

    void wrote(String time, String text) {
        log.add(new LogEntry(time, false, false, text.getBytes(StandardCharsets.UTF_8)));
    }

    private LogReader reader(String id) {
        calls.add("logs " + id);
        return new LogReader() {
            @Override
            public void read(LogQuery query, Consumer<LogEntry> sink) {
                log.stream().filter(entry -> query.since() == null
                        || entry.time().compareTo(query.since().toString()) >= 0).forEach(sink);
            }

            @Override
            public void close() {
                throw new UnsupportedOperationException();
            }
        };
    }
}
