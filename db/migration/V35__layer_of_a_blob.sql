-- What a layer's blob is without its compression, once that was looked at; null for what is no layer, or came before this.
ALTER TABLE blob ADD COLUMN diff_id TEXT;
