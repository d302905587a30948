# Turns uapi.tsv into the C table that names.c includes.
BEGIN { FS = "\t" }
NR > 1 { printf "KVT_%s(\"%s\", %sULL)\n", toupper($1), $2, $3 }
