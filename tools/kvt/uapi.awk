# Turns uapi.tsv into the C table that kernel/uapi.c includes.
BEGIN { FS = "\t" }
NR > 1 { printf "{ \"%s\", \"%s\", %sULL, \"%s\" },\n", $1, $2, $3, $4 }
