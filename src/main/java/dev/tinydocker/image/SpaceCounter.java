package dev.tinydocker.image;

import dev.tinydocker.image.ImageRecord.Part;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts what images take, from what the record knows of their parts. */
@Component
class SpaceCounter {

    private final ImageRecord record;
    private final ImageStore store;
    private final Blobs blobs;

    SpaceCounter(ImageRecord record, ImageStore store, Blobs blobs) {
        this.record = record;
        this.store = store;
        this.blobs = blobs;
    }

    /** @param used ids of images that somebody uses */
    ImageSpace count(Set<String> used) {
        List<Part> parts = record.parts();
        Map<String, Integer> holders = new HashMap<>();
        parts.forEach(part -> holders.merge(part.name(), 1, Integer::sum));
        Map<String, Long> shared = new HashMap<>();
        Map<String, Long> unique = new HashMap<>();
        Set<String> counted = new HashSet<>();
        Set<String> needed = new HashSet<>();
        long all = record.orphanBytes();
        long inUse = 0;
        for (Part part : parts) {
            (holders.getOrDefault(part.name(), 0) > 1 ? shared : unique).merge(part.imageId(), part.bytes(), Long::sum);
            all += counted.add(part.name()) ? part.bytes() : 0;
            inUse += used.contains(part.imageId()) && needed.add(part.name()) ? part.bytes() : 0;
        }
        List<ImageSpace.Each> each = new ArrayList<>();
        for (Image image : store.list()) {
            each.add(new ImageSpace.Each(image, shared.getOrDefault(image.id(), 0L),
                    unique.getOrDefault(image.id(), 0L)));
        }
        List<Long> partial = blobs.partialSizes();
        return new ImageSpace(each, all, all - inUse, partial.size(), partial.stream().mapToLong(size -> size).sum());
    }
}
