package dev.tinydocker.volume;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** A mount the user asked for. {@code target} is an absolute path in the container. Kept as JSON with the container. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({ @JsonSubTypes.Type(value = Mount.Bind.class, name = "bind"),
        @JsonSubTypes.Type(value = Mount.Tmpfs.class, name = "tmpfs") })
public sealed interface Mount {

    String target();

    /**
     * A directory or file of the host, or a volume.
     *
     * @param source absolute path on the host; of a volume its name, until its place is known
     * @param createSource make a missing source directory ({@code -v} does, {@code --mount} does not)
     * @param recursive with what is mounted below the source
     * @param propagation one of private, rprivate, slave, rslave
     * @param permits what has an effect in there that usually has none: suid, set-uid files; dev, device nodes; and who
     *            is given it by SELinux: z, containers; Z, this one
     * @param volume null for what is the host's own
     */
    record Bind(String source, String target, boolean readOnly, boolean createSource, boolean recursive,
            String propagation, List<String> permits, @Nullable Named volume)
            implements Mount {

        public Bind(String source, String target, boolean readOnly, boolean createSource, boolean recursive,
                String propagation, @Nullable List<String> permits, @Nullable Named volume) {
            this.source = source;
            this.target = target;
            this.readOnly = readOnly;
            this.createSource = createSource;
            this.recursive = recursive;
            this.propagation = propagation;
            this.permits = permits == null ? List.of() : List.copyOf(permits);
            this.volume = volume;
        }

        /** Of what is the host's own. */
        public Bind(String source, String target, boolean readOnly, boolean createSource, boolean recursive,
                String propagation, @Nullable List<String> permits) {
            this(source, target, readOnly, createSource, recursive, propagation, permits, null);
        }

        /** A volume, which as an image's own gives the rights that its files give. */
        static Bind of(Named volume, String target, boolean readOnly) {
            return new Bind(volume.name(), target, readOnly, false, true, "rprivate", List.of("suid"), volume);
        }

        Bind at(String path) {
            return new Bind(path, target, readOnly, createSource, recursive, propagation, permits, volume);
        }
    }

    /**
     * A volume.
     *
     * @param copies while it is empty, it is given what the image has in its place
     */
    record Named(String name, boolean copies) {
    }

    /**
     * Memory.
     *
     * @param sizeBytes null for the kernel's default of half the memory, 0 for as much as there is
     * @param mode null for 1777
     * @param uid whose it is, as the container numbers users; null for its root
     * @param gid the same of groups
     * @param inodes how many files it holds; null for the kernel's default, 0 for as many as there is memory for
     * @param permits what has an effect in there: suid, dev
     */
    record Tmpfs(String target, @Nullable Long sizeBytes, @Nullable Integer mode, boolean readOnly, boolean exec,
            @Nullable Long uid, @Nullable Long gid, @Nullable Long inodes, List<String> permits)
            implements Mount {

        public Tmpfs(String target, @Nullable Long sizeBytes, @Nullable Integer mode, boolean readOnly, boolean exec,
                @Nullable Long uid, @Nullable Long gid, @Nullable Long inodes, @Nullable List<String> permits) {
            this.target = target;
            this.sizeBytes = sizeBytes;
            this.mode = mode;
            this.readOnly = readOnly;
            this.exec = exec;
            this.uid = uid;
            this.gid = gid;
            this.inodes = inodes;
            this.permits = permits == null ? List.of() : List.copyOf(permits);
        }

        public Tmpfs(String target, @Nullable Long sizeBytes, @Nullable Integer mode, boolean readOnly, boolean exec) {
            this(target, sizeBytes, mode, readOnly, exec, null, null, null, List.of());
        }

        /** As mount(8) takes them. */
        public List<String> options() {
            List<String> options = new ArrayList<>(List.of(readOnly ? "ro" : "rw", permits.contains("suid") ? "suid"
                    : "nosuid", permits.contains("dev") ? "dev" : "nodev", exec ? "exec" : "noexec"));
            options.addAll(data(uid, gid));
            return options;
        }

        /** What tmpfs itself takes, with these owners. */
        List<String> data(@Nullable Long user, @Nullable Long group) {
            List<String> data = new ArrayList<>();
            add(data, "size=", sizeBytes);
            add(data, "nr_inodes=", inodes);
            add(data, "mode=", mode == null ? null : Integer.toOctalString(mode));
            add(data, "uid=", user);
            add(data, "gid=", group);
            return data;
        }

        private static void add(List<String> data, String key, @Nullable Object value) {
            if (value != null) {
                data.add(key + value);
            }
        }
    }
}
