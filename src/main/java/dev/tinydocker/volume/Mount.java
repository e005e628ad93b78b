package dev.tinydocker.volume;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** A mount the user asked for. {@code target} is an absolute path in the container. Kept as JSON with the container. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({ @JsonSubTypes.Type(value = Mount.Bind.class, name = "bind"),
        @JsonSubTypes.Type(value = Mount.Tmpfs.class, name = "tmpfs") })
public sealed interface Mount {

    String target();

    /**
     * A directory or file of the host.
     *
     * @param source absolute path on the host
     * @param createSource make a missing source directory ({@code -v} does, {@code --mount} does not)
     * @param recursive with what is mounted below the source
     * @param propagation one of private, rprivate, slave, rslave
     * @param permits what has an effect in there that usually has none: suid, set-uid files; dev, device nodes
     */
    record Bind(String source, String target, boolean readOnly, boolean createSource, boolean recursive,
            String propagation, List<String> permits)
            implements Mount {

        public Bind(String source, String target, boolean readOnly, boolean createSource, boolean recursive,
                String propagation, @Nullable List<String> permits) {
            this.source = source;
            this.target = target;
            this.readOnly = readOnly;
            this.createSource = createSource;
            this.recursive = recursive;
            this.propagation = propagation;
            this.permits = permits == null ? List.of() : List.copyOf(permits);
        }
    }

    /**
     * Memory; {@code sizeBytes} null for the kernel's default of half the memory; {@code mode} in octal, null for 1777.
     */
    record Tmpfs(String target, @Nullable Long sizeBytes, @Nullable Integer mode, boolean readOnly, boolean exec)
            implements Mount {
    }
}
