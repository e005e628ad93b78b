-- Files named by their digest: layers as they came, manifests, configurations. A row is there only for a whole file.
CREATE TABLE blob (
    digest TEXT PRIMARY KEY CHECK (length(digest) = 71),
    bytes  INTEGER NOT NULL
) WITHOUT ROWID;

-- Layers that are unpacked, in directories named by their number.
CREATE TABLE layer (
    number  INTEGER PRIMARY KEY,
    diff_id TEXT NOT NULL UNIQUE CHECK (length(diff_id) = 71),
    bytes   INTEGER NOT NULL,
    entries INTEGER NOT NULL
);

-- Images that are whole. The id is the digest of the configuration.
CREATE TABLE image (
    id            TEXT PRIMARY KEY REFERENCES blob (digest),
    manifest      TEXT NOT NULL REFERENCES blob (digest),
    manifest_type TEXT NOT NULL,
    stored_at     TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX image_by_manifest ON image (manifest);

-- Position 0 is the lowest. The blob is what the layer was unpacked from.
CREATE TABLE image_layer (
    image_id TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    layer    INTEGER NOT NULL REFERENCES layer (number),
    blob     TEXT NOT NULL REFERENCES blob (digest),
    PRIMARY KEY (image_id, position)
) WITHOUT ROWID;

CREATE INDEX image_layer_by_layer ON image_layer (layer);
CREATE INDEX image_layer_by_blob ON image_layer (blob);

-- Names. The digest is what the registry had under this tag when it was asked last; null for a name given here.
CREATE TABLE reference (
    repository TEXT NOT NULL,
    tag        TEXT NOT NULL,
    image_id   TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE,
    digest     TEXT,
    PRIMARY KEY (repository, tag)
) WITHOUT ROWID;

CREATE INDEX reference_by_image ON reference (image_id);

-- The digests that registries know an image by: of its manifest, or of an index that has it.
CREATE TABLE repository_digest (
    repository TEXT NOT NULL,
    digest     TEXT NOT NULL,
    image_id   TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE,
    PRIMARY KEY (repository, digest, image_id)
) WITHOUT ROWID;

CREATE INDEX repository_digest_by_image ON repository_digest (image_id);
