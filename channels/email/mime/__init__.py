"""The grammar of a mail: fields, parts, encodings, character sets. Pure; nothing here raises."""
