# Room between the lines of a label: dot sets each line of <…> with two fonts in it as
# near to the last as its letters are high, so that they touch. A letter without ink or
# width, higher than the rest, keeps a line away; drawing takes it out again.
s,\(<BR[^>]*/>\)\([[:space:]]*\([^<>[:space:]]\|<[^/]\)\),\1<FONT POINT-SIZE="14">\&#8203;</FONT>\2,g
