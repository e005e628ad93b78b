package dev.tinydocker.web;

import dev.tinydocker.explain.Anatomies;
import dev.tinydocker.explain.Anatomy;
import dev.tinydocker.problem.Printable;
import dev.tinydocker.problem.Problem;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What a container is made of, every text in it made fit to be shown. */
@Component
final class AnatomyPage {

    private final ObjectProvider<Anatomies> anatomies;
    private final JsonMapper mapper = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(new Shown())).build();

    AnatomyPage(ObjectProvider<Anatomies> anatomies) {
        this.anatomies = anatomies;
    }

    /** Read by a platform thread: it may block in the kernel. */
    Answer answer(String id) {
        FutureTask<Anatomy> read = new FutureTask<>(() -> anatomies.getObject().of(id));
        Thread.ofPlatform().daemon().name("anatomy").start(read);
        try {
            return Answer.json(mapper.writeValueAsBytes(read.get()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem problem) {
                return Answer.of(problem);
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static final class Shown extends StdSerializer<String> {

        Shown() {
            super(String.class);
        }

        @Override
        public void serialize(String text, JsonGenerator json, SerializationContext context) {
            json.writeString(Printable.line(text));
        }
    }
}
