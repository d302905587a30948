#!/bin/bash
# The faces of the pages: made of Debian's fonts, small, without names that their
# owners keep, and with their licenses.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 18
export LC_ALL=C.UTF-8
"$root/tools/need" fontconfig:fc-match libharfbuzz-bin:hb-shape woff2:woff2_decompress fonts-sil-charis fonts-open-sans fonts-firacode \
	|| bail 'no hb-shape, or no faces'

fonts=$root/tools/book/fonts
cd "$tmp" || exit 1

# shaped FACE TEXT: the names or numbers of its glyphs, with - for a letter that is not there.
shaped()
{
	hb-shape --no-glyph-names --no-positions --no-clusters "$tmp/out/$1.ttf" --text="$2"
}

check 'the faces are made' "$fonts" "$tmp/out"
check 'each that the style sheet names, and no other' diff <(grep -o 'fonts/[a-z-]*\.woff2' "$root/tools/book/style/fonts.css" | sort) \
	<(cd out && printf 'fonts/%s\n' *.woff2 | sort)
size=$(cat out/*.woff2 | wc -c)
check "they have $size bytes" test "$size" -gt 40000 -a "$size" -le 200000
check 'nothing else is left but the licenses' diff <(printf 'licenses.txt\n') <(find out -type f ! -name '*.woff2' -printf '%f\n')
for license in 'SIL OPEN FONT LICENSE Version 1.1' 'Nikita Prokopov' 'Reserved Font Names "Charis" and "SIL"' 'Google Corporation' \
	'Apache License' 'TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION'; do
	check "the licenses have: $license" holds out/licenses.txt "$license"
done
for face in out/*.woff2; do
	woff2_decompress "$face"
done
# In a font the names have two bytes for a letter, the higher first.
names()
{
	strings -n 4 "$1"
	strings -n 4 -eb "$1"
}
unnamed()
{
	! names out/serif.ttf | grep -iE 'charis ?sil' && names out/serif.ttf | grep 'Reserved Font Name' >/dev/null && names out/sans.ttf | grep 'Digitized data copyright' >/dev/null
}
check 'no face has a name that is reserved, and each says of whom it is' unnamed
# has_all FACE LETTERS: the face has each; what it has not is glyph 0.
has_all()
{
	local glyphs
	glyphs=$(shaped "$1" "$2")
	[[ $glyphs == '['*']' && $glyphs != *[\[\|]0[]\|]* ]] || { echo "$1: $glyphs"; return 1; }
}
all_have()
{
	local face
	for face in serif serif-italic serif-bold sans sans-bold mono mono-bold; do
		has_all $face $'AZaz09{}[]#_\u2013\u201c\u201d\u2019\u2026\u00d7\u2212\u00e9\u20ac' || return 1
	done
}
check 'each has the letters and signs of the text' all_have
check 'and of code, the arrows and the mark' has_all mono '←↑→↓✓'
lacks_some()
{
	! has_all mono 漢 && ! has_all none x
}
check 'a letter that is not there is seen' lacks_some
same_alone()
{
	local face text
	for face in mono mono-bold; do
		for text in 0xffff '!=' '->' '==' '>=' 'www' '/*'; do
			diff <(shaped $face "$text") <(printf '[%s]\n' "$(for ((i = 0; i < ${#text}; i++)); do shaped $face "${text:i:1}"; done | tr -d '[]' | paste -sd'|')") ||
				{ echo "$face: $text"; return 1; }
		done
	done
}
check 'code has no ligatures: each letter is what it is alone' same_alone
check 'once more, they are the same to the letter' bash -c 'mkdir -p again && "$0" again && for face in again/*; do cmp "$face" "out/${face##*/}" || exit 1; done' "$fonts"
mkdir none bin
cat >bin/fc-match <<'END'
#!/bin/sh
printf '/usr/share/fonts/other.ttf\t0\tOther\n'
END
chmod +x bin/fc-match
check 'a face that is not there is named, and what fontconfig has instead' bash -c '! PATH="$1/bin:$PATH" "$0" none 2>said; cat said; grep -qxF "fonts: no face Charis SIL,Charis (weight=80:slant=0): fontconfig has Other (/usr/share/fonts/other.ttf, 0) instead" said && ! ls none/*.woff2' "$fonts" "$tmp"
check 'wrong usage' bash -c '"$0" >said 2>&1; test $? = 2 && grep -q "^usage: fonts DIRECTORY" said' "$fonts"
