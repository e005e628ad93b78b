package dev.tinydocker.image;

import dev.tinydocker.image.Layers.Layer;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables of images. What nothing refers to any more is found by asking, not by counting along. */
@Component
class ImageRecord {

    private final JdbcTemplate sql;
    private final TransactionTemplate transaction;

    ImageRecord(JdbcTemplate sql, PlatformTransactionManager transactions) {
        this.sql = sql;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** An image's row, and what its layers take. */
    record Row(String id, String manifest, String manifestType, long bytes, String storedAt) {
    }

    /** A name of an image. */
    record Name(String repository, String tag, String imageId, @Nullable String digest) {
    }

    /** A digest that a registry knows an image by. */
    record Known(String repository, String digest, String imageId) {
    }

    /** One layer of an image: where it is unpacked, and from what. */
    record Placed(long number, String diffId, String blob, long bytes) {
    }

    /** Runs several changes as one. */
    void together(Runnable changes) {
        transaction.executeWithoutResult(_ -> changes.run());
    }

    Optional<Layer> layer(String diffId) {
        return sql.query("SELECT number, diff_id, bytes FROM layer WHERE diff_id = ?",
                (row, _) -> new Layer(row.getLong(1), row.getString(2), row.getLong(3)), diffId).stream().findFirst();
    }

    Layer add(Layer layer, long entries) {
        try {
            // One that is on record without its directory is replaced; who refers to it refers to the new one.
            together(() -> {
                Optional<Layer> lost = layer(layer.diffId());
                if (lost.isPresent()) {
                    sql.update("UPDATE layer SET diff_id = 'sha256:' || printf('%064d', number) WHERE number = ?",
                            lost.get().number());
                }
                sql.update("INSERT INTO layer (number, diff_id, bytes, entries) VALUES (?, ?, ?, ?)", layer.number(),
                        layer.diffId(), layer.bytes(), entries);
                lost.ifPresent(old -> {
                    sql.update("UPDATE image_layer SET layer = ? WHERE layer = ?", layer.number(), old.number());
                    sql.update("DELETE FROM layer WHERE number = ?", old.number());
                });
            });
            return layer;
        } catch (DuplicateKeyException e) {
            return layer(layer.diffId()).orElseThrow(() -> e);
        }
    }

    long lastLayer() {
        Long last = sql.queryForObject("SELECT coalesce(max(number), 0) FROM layer", Long.class);
        return last == null ? 0 : last;
    }

    void blob(String digest, long bytes) {
        sql.update("INSERT OR IGNORE INTO blob (digest, bytes) VALUES (?, ?)", digest, bytes);
    }

    boolean hasBlob(String digest) {
        return !sql.queryForList("SELECT 1 FROM blob WHERE digest = ?", digest).isEmpty();
    }

    /** A blob that was seen to be that layer when unpacked. */
    void layerBlob(String digest, long bytes, String diffId) {
        sql.update("INSERT INTO blob (digest, bytes, diff_id) VALUES (?, ?, ?) "
                + "ON CONFLICT (digest) DO UPDATE SET diff_id = excluded.diff_id", digest, bytes, diffId);
    }

    /** Whether that was seen before. */
    boolean isLayer(String blob, String diffId) {
        return !sql.queryForList("SELECT 1 FROM blob WHERE digest = ? AND diff_id = ?", blob, diffId).isEmpty();
    }

    /** Makes an image visible, or replaces what it came with. */
    void image(String id, String manifest, String manifestType, List<Layer> layers, List<String> blobs) {
        sql.update("INSERT INTO image (id, manifest, manifest_type, stored_at) VALUES (?, ?, ?, ?) "
                + "ON CONFLICT (id) DO UPDATE SET manifest = excluded.manifest, manifest_type = excluded.manifest_type",
                id, manifest, manifestType, Instant.now().toString());
        sql.update("DELETE FROM image_layer WHERE image_id = ?", id);
        for (int i = 0; i < layers.size(); i++) {
            sql.update("INSERT INTO image_layer (image_id, position, layer, blob) VALUES (?, ?, ?, ?)", id, i,
                    layers.get(i).number(), blobs.get(i));
        }
    }

    /** Gives a name to an image; another image loses it. */
    void name(String repository, String tag, String imageId, @Nullable String digest) {
        sql.update("INSERT OR REPLACE INTO reference (repository, tag, image_id, digest) VALUES (?, ?, ?, ?)",
                repository, tag, imageId, digest);
    }

    void known(String repository, String digest, String imageId) {
        sql.update("INSERT OR IGNORE INTO repository_digest (repository, digest, image_id) VALUES (?, ?, ?)",
                repository, digest, imageId);
    }

    private static final String ROW = """
            SELECT i.id, i.manifest, i.manifest_type, i.stored_at,
                coalesce((SELECT sum(l.bytes) FROM image_layer il JOIN layer l ON l.number = il.layer
                    WHERE il.image_id = i.id), 0)
            FROM image i
            """;

    List<Row> images() {
        return rows("");
    }

    Optional<Row> image(String id) {
        return rows("WHERE i.id = ?", id).stream().findFirst();
    }

    /** At most two, which is enough to know that a prefix is ambiguous. */
    List<Row> imagesByPrefix(String prefix) {
        return rows("WHERE substr(i.id, 1, length(?)) = ? LIMIT 2", prefix, prefix);
    }

    private List<Row> rows(String where, Object... values) {
        return sql.query(ROW + where, (row, _) -> new Row(row.getString(1), row.getString(2), row.getString(3),
                row.getLong(5), row.getString(4)), values);
    }

    Optional<Name> name(String repository, String tag) {
        return names("WHERE repository = ? AND tag = ?", repository, tag).stream().findFirst();
    }

    List<Name> namesOf(String imageId) {
        return names("WHERE image_id = ?", imageId);
    }

    List<Name> names() {
        return names("");
    }

    private List<Name> names(String where, Object... values) {
        return sql.query("SELECT repository, tag, image_id, digest FROM reference " + where
                + " ORDER BY repository, tag", (row, _) -> new Name(row.getString(1), row.getString(2),
                        row.getString(3), row.getString(4)), values);
    }

    List<Known> knownAs(String imageId) {
        return knowns("WHERE image_id = ?", imageId);
    }

    List<Known> knownBy(String repository, String digest) {
        return knowns("WHERE repository = ? AND digest = ?", repository, digest);
    }

    List<Known> known() {
        return knowns("");
    }

    /** The repositories of registries that have images with this layer, which they need not be sent again. */
    List<String> repositoriesWith(String blob) {
        return sql.query("SELECT DISTINCT d.repository FROM repository_digest d "
                + "JOIN image_layer il ON il.image_id = d.image_id WHERE il.blob = ? ORDER BY d.repository",
                (row, _) -> row.getString(1), blob);
    }

    private List<Known> knowns(String where, Object... values) {
        return sql.query("SELECT repository, digest, image_id FROM repository_digest " + where
                + " ORDER BY repository, digest", (row, _) -> new Known(row.getString(1), row.getString(2),
                        row.getString(3)), values);
    }

    /** The lowest first. */
    List<Placed> layersOf(String imageId) {
        return sql.query("SELECT l.number, l.diff_id, il.blob, l.bytes FROM image_layer il "
                + "JOIN layer l ON l.number = il.layer WHERE il.image_id = ? ORDER BY il.position",
                (row, _) -> new Placed(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4)), imageId);
    }

    boolean unname(String repository, String tag) {
        return sql.update("DELETE FROM reference WHERE repository = ? AND tag = ?", repository, tag) == 1;
    }

    void forget(Known known) {
        sql.update("DELETE FROM repository_digest WHERE repository = ? AND digest = ? AND image_id = ?",
                known.repository(), known.digest(), known.imageId());
    }

    void deleteImage(String id) {
        sql.update("DELETE FROM image WHERE id = ?", id);
    }

    private static final String ORPHAN_LAYER =
            "NOT EXISTS (SELECT 1 FROM image_layer il WHERE il.layer = layer.number)";
    private static final String ORPHAN_BLOB = "NOT EXISTS (SELECT 1 FROM image_layer il WHERE il.blob = blob.digest) "
            + "AND NOT EXISTS (SELECT 1 FROM image i WHERE i.id = blob.digest) "
            + "AND NOT EXISTS (SELECT 1 FROM image i WHERE i.manifest = blob.digest)";

    /** Layers that no image has. */
    List<Layer> orphanLayers() {
        return sql.query("SELECT number, diff_id, bytes FROM layer WHERE " + ORPHAN_LAYER,
                (row, _) -> new Layer(row.getLong(1), row.getString(2), row.getLong(3)));
    }

    void deleteLayer(long number) {
        sql.update("DELETE FROM layer WHERE number = ?", number);
    }

    /** Blobs that nothing was made from, and their sizes. */
    Map<String, Long> orphanBlobs() {
        return sql.query("SELECT digest, bytes FROM blob WHERE " + ORPHAN_BLOB,
                (row, _) -> Map.entry(row.getString(1), row.getLong(2))).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** How many bytes those layers and blobs have. */
    long orphanBytes() {
        return orphanLayers().stream().mapToLong(Layer::bytes).sum()
                + orphanBlobs().values().stream().mapToLong(bytes -> bytes).sum();
    }

    /**
     * What an image takes room with.
     *
     * @param name a layer's number or a blob's digest
     */
    record Part(String imageId, String name, long bytes) {
    }

    /** All parts of all images; what an image has twice is one part. */
    List<Part> parts() {
        return sql.query("""
                SELECT il.image_id, CAST(l.number AS TEXT), l.bytes
                    FROM image_layer il JOIN layer l ON l.number = il.layer
                UNION SELECT il.image_id, b.digest, b.bytes FROM image_layer il JOIN blob b ON b.digest = il.blob
                UNION SELECT i.id, b.digest, b.bytes FROM image i JOIN blob b ON b.digest IN (i.id, i.manifest)
                """, (row, _) -> new Part(row.getString(1), row.getString(2), row.getLong(3)));
    }

    void deleteBlob(String digest) {
        sql.update("DELETE FROM blob WHERE digest = ?", digest);
    }

    Set<String> blobs() {
        return Set.copyOf(sql.queryForList("SELECT digest FROM blob", String.class));
    }

    Set<String> layerNumbers() {
        return Set.copyOf(sql.queryForList("SELECT CAST(number AS TEXT) FROM layer", String.class));
    }

    Set<String> imageIds() {
        return Set.copyOf(sql.queryForList("SELECT id FROM image", String.class));
    }

    /** How many images have a layer. */
    int imagesWith(long layer) {
        Integer count = sql.queryForObject("SELECT count(DISTINCT image_id) FROM image_layer WHERE layer = ?",
                Integer.class, layer);
        return count == null ? 0 : count;
    }
}
