package dev.tinydocker.image;

import dev.tinydocker.image.ImageRecord.Known;
import dev.tinydocker.image.ImageRecord.Name;
import dev.tinydocker.image.ImageRecord.Placed;
import dev.tinydocker.image.ImageRecord.Row;
import dev.tinydocker.image.ImageUsers.Use;
import dev.tinydocker.problem.Conflict;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Takes names away, and images that have none left; what a container uses stays. */
@Component
class Remover {

    private final ImageStore store;
    private final ImageRecord record;
    private final ObjectProvider<ImageUsers> users;

    Remover(ImageStore store, ImageRecord record, ObjectProvider<ImageUsers> users) {
        this.store = store;
        this.record = record;
        this.users = users;
    }

    /** Removes a name, or by its id an image with all its names; says what was done, as Docker says it. */
    synchronized List<String> remove(String word, boolean force) {
        Row row = store.get(word);
        List<String> said = new ArrayList<>();
        Optional<Name> name = store.nameOf(word).filter(found -> found.imageId().equals(row.id()));
        List<Name> names = record.namesOf(row.id());
        List<Known> known = record.knownAs(row.id());
        if (name.isPresent() && names.size() > 1) {
            unname(name.get(), said);
            return said;
        }
        if (name.isEmpty() && word.contains("@") && (names.size() + known.size() > 1)) {
            Reference reference = store.reference(word);
            known.stream().filter(one -> one.repository().equals(reference.repository())
                    && one.digest().equals(reference.digest())).forEach(one -> forget(one, said));
            if (!names.isEmpty() || known.size() > 1) {
                return said;
            }
        }
        if (name.isEmpty() && names.size() > 1 && !force) {
            throw new Conflict("remove the image '" + word + "'", "it has several names: "
                    + String.join(", ", names.stream().map(this::familiar).toList()), "-f takes them all away");
        }
        removing(() -> {
            boolean leaves = checkUse(word, row, force);
            names.forEach(one -> unname(one, said));
            record.knownAs(row.id()).forEach(one -> forget(one, said));
            if (leaves) {
                delete(row, said);
            }
        });
        // The files after that: nobody starts from them any more, and nobody waits for their end.
        store.sweep();
        return said;
    }

    /** False where only the names may go: a container that has ended still has its files. */
    private boolean checkUse(String word, Row row, boolean force) {
        List<Use> uses = uses().stream().filter(use -> use.imageId().equals(row.id())).toList();
        for (Use use : uses) {
            if (use.running() || !force) {
                throw new Conflict("remove the image '" + word + "'", "the " + (use.running() ? "running " : "")
                        + "container " + use.user() + " uses it", use.running()
                                ? "remove it with 'rm -f " + use.user() + "' first"
                                : "remove it with 'rm " + use.user() + "' first; -f takes the name away");
            }
        }
        return uses.isEmpty();
    }

    private void removing(Runnable removal) {
        ImageUsers user = users.getIfAvailable();
        if (user == null) {
            removal.run();
        } else {
            user.removing(removal);
        }
    }

    private List<Use> uses() {
        return users.stream().flatMap(user -> user.uses().stream()).toList();
    }

    private String familiar(Name name) {
        return store.familiar(name.repository()) + ":" + name.tag();
    }

    private void unname(Name name, List<String> said) {
        record.unname(name.repository(), name.tag());
        said.add("Untagged: " + familiar(name));
        boolean last = record.namesOf(name.imageId()).stream()
                .noneMatch(other -> other.repository().equals(name.repository()));
        if (last) {
            record.knownAs(name.imageId()).stream().filter(one -> one.repository().equals(name.repository()))
                    .forEach(one -> forget(one, said));
        }
    }

    private void forget(Known known, List<String> said) {
        record.forget(known);
        said.add("Untagged: " + store.familiar(known.repository()) + "@" + known.digest());
    }

    private void delete(Row row, List<String> said) {
        List<Placed> layers = record.layersOf(row.id()).reversed().stream().filter(layer ->
                record.imagesWith(layer.number()) == 1).distinct().toList();
        record.deleteImage(row.id());
        said.add("Deleted: " + row.id());
        layers.forEach(layer -> said.add("Deleted: " + layer.diffId()));
    }

    /**
     * Removes images without a name, or all that no container uses.
     *
     * @param all those with a name too
     * @param wanted only those
     */
    synchronized Pruned prune(boolean all, Predicate<Image> wanted) {
        List<String> said = new ArrayList<>();
        removing(() -> {
            List<String> used = uses().stream().map(Use::imageId).toList();
            for (Row row : record.images()) {
                List<Name> names = record.namesOf(row.id());
                if (!used.contains(row.id()) && (all || names.isEmpty()) && wanted.test(store.image(row))) {
                    names.forEach(name -> unname(name, said));
                    record.knownAs(row.id()).forEach(known -> forget(known, said));
                    delete(row, said);
                }
            }
        });
        long bytes = record.orphanBytes();
        store.sweep();
        return new Pruned(said, bytes);
    }

    /** What went, as Docker says it, and how much space. */
    record Pruned(List<String> lines, long bytes) {
    }
}
