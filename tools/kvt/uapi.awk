# Turns uapi.tsv into the C table that kernel/uapi.c includes, which searches it
# by halves: the rows must be in the order of their kinds, and of their values.
BEGIN { FS = "\t" }
NR == 1 { next }
$1 < kind || ($1 == kind && $3 + 0 < value) {
	printf "%s:%d: %s %s is out of order; tools/kvt/uapi-table writes them in order\n", FILENAME, NR, $1, $2 >"/dev/stderr"
	exit 1
}
{ kind = $1; value = $3 + 0; printf "{ \"%s\", \"%s\", %sULL, \"%s\" },\n", $1, $2, $3, $4 }
