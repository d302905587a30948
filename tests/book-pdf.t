#!/bin/bash
# The book as a PDF: a small one, and the whole.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 44
"$root/tools/need" poppler-utils:pdftotext qpdf:qpdf jq:jq || bail 'no pdftotext, qpdf or jq'
export LC_ALL=C.UTF-8 tmp

# The outline, a line for each entry: how deep, page, title.
outline()
{
	qpdf --json --json-key=outlines "$1" | jq -r 'def down($n): .[] | "\($n)\t\(.destpageposfrom1)\t\(.title)", (.kids | down($n + 1)); .outlines | down(1)'
}

# leads_there PDF: each entry of the outline stands on its page. Spaces do not
# count, for a name may be broken.
leads_there()
{
	pdftotext "$1" "$tmp/text"
	outline "$1" | perl -CS -Mutf8 -ne '
		BEGIN { open F, "<:utf8", "$ENV{tmp}/text"; local $/; @page = split /\f/, <F>; s/\s|\x{a0}//g for @page }
		(undef, $number, $title) = /(.*)\t(.*)\t(.*)/;
		($words = $title) =~ s/^\d+\x{2002}|^Part [IVX]+: |\s|\x{a0}//g;
		$bad = 1, print "$title is not on page $number\n" if index($page[$number - 1], $words) < 0;
		END { exit $bad }'
}

# Nothing reaches into the edge of the page; and to the right of the text
# there are but the numbers of a listing.
inside()
{
	pdftotext -bbox "$1" - | perl -ne '
		$wide = $1 if /<page width="([\d.]+)/;
		next unless /xMin="([\d.]+)" .*xMax="([\d.]+)".*>([^<]*)</;
		$bad = 1, print "at $1 to $2 of $wide: $3\n" if $1 < 30 || $2 > $wide - 8 || $2 > $wide - 55 && $3 !~ /^(\d+|p\.|→)$/;
		END { exit $bad }'
}

# printed HTML PDF: each number that the text prints for a place is the place's page.
printed()
{
	pdfinfo -dests "$2" | perl -ne 'print "$2\t$1\n" if /^ *(\d+) .*"(.*)"$/' >"$tmp/dests"
	perl -ne '
		BEGIN { open F, "<", shift; while (<F>) { /(.*)\t(.*)/; $page{$1} = $2 } }
		while (/data-page="([^"]*)"[^>]*>(\d+)</g) { $n++; $bad = 1, print "$1: $2, but page $page{$1}\n" if $page{$1} != $2 }
		END { print "no numbers\n" unless $n; exit($bad || !$n) }' "$tmp/dests" "$1"
}

# indexed HTML PDF: each page that the index names has that name, or in a narrow
# column its two halves.
indexed()
{
	pdftotext "$2" "$tmp/text"
	perl -CS -Mutf8 -0777 -ne '
		BEGIN { open F, "<:utf8", shift; local $/; @page = split /\f/, <F>; s/\s|\x{a0}//g for @page }
		# What stands between the halves is of the columns beside it.
		sub has { my ($text, $name) = @_; return index($text, $name) >= 0 ||
			grep { my ($one, $other) = map { quotemeta } substr($name, 0, $_), substr($name, $_); $text =~ /$one.{1,300}?$other/s } map { $_ + 1 } grep { substr($name, $_, 1) eq "_" } 4 .. length($name) - 5 }
		while (m{<p><code>(\w+)</code><span class="places"[^>]*>(.*?)</span></p>}gs) {
			my ($name, $places) = ($1, $2);
			$places =~ s/<[^>]*>//g;
			for ($places =~ /(\d+)(?:–(\d+))?/g ? () : "none") { print "$name has no page\n"; $bad = 1 }
			while ($places =~ /(\d+)(?:–(\d+))?/g) {
				for my $n ($1 .. $2 // $1) { $count++; $bad = 1, print "$name is not on page $n\n" if !has($page[$n - 1], $name) }
			}
		}
		END { print "$count places\n"; exit($bad || !$count) }' "$tmp/text" "$1"
}

# apart PDF: no word is printed over another; lines that are set tight may touch.
apart()
{
	pdftotext -bbox "$1" - | perl -MList::Util=min,max -ne '
		++$page, @words = () if /<page /;
		next unless /xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</;
		my ($left, $top, $right, $bottom, $word) = ($1, $2, $3, $4, $5);
		for (@words) {
			my $wide = min($right, $$_[2]) - max($left, $$_[0]);
			my $high = min($bottom, $$_[3]) - max($top, $$_[1]);
			next if $wide < 1 || $high < .5 * min($bottom - $top, $$_[3] - $$_[1]);
			$bad = 1, print "page $page: $$_[4] and $word\n";
		}
		push @words, [$left, $top, $right, $bottom, $word];
		END { print "no words\n" unless $page; exit($bad || !$page) }'
}

# centered PDF: the two lines of the figure's label have one middle.
centered()
{
	pdftotext -bbox-layout "$1" - | perl -0777 -ne '
		/.*(<line.*?>file,<.*?<\/line>)(.*?)(<line.*?<\/line>)/s or print("no label\n"), exit 1;
		my @middle = map { my @x = /x(?:Min|Max)="([\d.]+)"/g; ($x[0] + $x[1]) / 2 } $1, $3;
		print "@middle\n"; exit(abs($middle[0] - $middle[1]) > .7)'
}

# blank PDF [HTML]: pages of which a quarter or more is blank at the end, with how
# much, but for those behind which a sheet begins: cover, part, chapter.
blank()
{
	{
		outline "$1" | awk -F'\t' '$1 <= 2 { print "sheet " $2 }'
		pdfinfo "$1" | sed -n 's/^Pages: */pages /p'
	} >"$tmp/sheets"
	pdftoppm -r 18 -gray "$1" | perl -e '
		open F, "<", shift; while (<F>) { $begins{$1} = 1 if /^sheet (\d+)/; $begins{$1 + 1} = 1 if /^pages (\d+)/ }
		binmode STDIN; local $/; $_ = <STDIN>;
		while (/\GP5\s+(\d+)\s+(\d+)\s+255\s/gc) {
			my ($wide, $high) = ($1, $2);
			my $page = substr $_, pos, $wide * $high;
			pos($_) += $wide * $high;
			# The text is 22 mm from the edges of 250.
			my ($top, $end) = map { int($high * $_ / 250) } 22, 228;
			my ($last) = grep { substr($page, $_ * $wide, $wide) =~ /[\0-\xc8]/ } reverse $top .. $end - 1;
			my $part = ($end - ($last // $top)) / ($end - $top);
			push @part, $part;
		}
		for my $n (3 .. @part) {
			# A part begins on the right, so an empty page may stand before it.
			next if $part[$n - 1] < .25 || $begins{$n + 1} || ($begins{$n + 2} && ($part[$n] // 0) == 1);
			printf "page %d: %.0f %%\n", $n, 100 * $part[$n - 1];
		}
		print "no pages\n" unless @part' "$tmp/sheets"
}

# continued PDF: where a page begins in a tree, its top says below what; each name
# stands in the tree, on that page or one before.
continued()
{
	pdftotext -layout "$1" - | perl -CS -Mutf8 -0777 -ne '
		for my $text (split /\f/) {
			$n++;
			if ($text =~ /^ *continued: (.*?)(?: {3,}.*)?$/m) {
				$count++;
				for my $name (grep { $_ ne "…" } split / › /, $1) {
					$bad = 1, print "page $n: $name is in no tree before\n" if index($before, $name) < 0;
				}
			}
			$text =~ s{^ *continued: .*}{}m;
			$before .= "$text\f";
			$before = substr $before, -40000;
		}
		END { print "$count pages\n"; exit($bad || $count < 8) }'
}

# shows PDF TEXT: what stands in one line of the text somewhere.
shows()
{
	pdftotext -layout "$1" - | tr -s ' ' | grep -F -- "$2" >/dev/null || { echo "does not show: $2"; return 1; }
}

# The small book, with a line that is too wide, with words from elsewhere, and
# with a tree whose system calls are folded.
sample
# Nothing names the calls there, so nothing unfolds them.
printf '\n## Folded\n\n::: {.trace capture="01-open" open="0"}\nThe whole of it.\n:::\n' >>chapters/01-open.md
pdf=build/book/kvm-on-arm64.pdf
wide="printf '%s\\n' one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
printf '\n```\n%s\n```\n\n「仮想機械」は門から始まる。虚拟机从一扇门开始。가상 머신. `門()`{.c}\n' "$wide" >>chapters/01-open.md
sed -i 's/`門()`{.c}/`門`/' chapters/01-open.md
mkdir -p chapters/figures
cat >chapters/figures/doors.dot <<'END'
digraph {
	file [class=kernel, label=<<B>a file</B>, opened by the call <FONT FACE="Courier">open()</FONT> alone<BR/>one line>]
}
END
printf '\n![A file](figures/doors.dot)\n' >>chapters/01-open.md
check 'make pdf' builds pdf
check 'which says how far it is' grep -qE '^  PDF     [0-9]+ pages laid out \([0-9]+ s\)$' said
builds pdf
check 'a second time there is nothing to do' bash -c '! grep -q PDF.*pages said'
check 'the title is among its data' grep -qx 'Title: *A small book' <(pdfinfo $pdf)
check 'the outline has parts, chapters and sections' diff - <(outline $pdf | cut -f1,3 | sed 's/\xe2\x80\x82/ /') <<-'END'
	1	Contents
	1	Preface
	2	This edition
	1	Part I: Doors
	2	1 One device, one number
	3	The program
	3	What it prints
	3	What the kernel did
	3	What we know now
	3	Exercises
	3	Folded
	2	4 One vCPU
	3	The program
	3	The call tree
	3	Three modes, side by side
	1	Solutions
	2	Chapter 1: One device, one number
	1	The programs
	2	code/01-open.c
	1	Glossary
	1	Index
	2	Functions
END
check '... and leads to their pages' leads_there $pdf
check 'a page of a chapter has its number at the bottom' bash -c '[[ $(pdftotext -layout -f 8 -l 8 $0 - | tr -d "\f" | grep -v "^ *$" | tail -n 1) =~ ^\ *8$ ]]' $pdf
check '... and the chapter at the top' bash -c 'pdftotext -layout -f 8 -l 8 $0 - | head -n 3 | grep -q "1.One device, one number"' $pdf
check 'no two sheets begin on one page, and the part begins on the right' test $(($(outline $pdf | awk -F'\t' '/Part I/ { print $2 }') % 2)) = 1
check 'a listing has its caption' shows $pdf 'code/01-open.c, lines 33–36, in main()'
check '... and its numbers' shows $pdf '39 int version = ioctl(kvm, KVM_GET_API_VERSION, 0);'
check 'a line leads to the page of its tree' bash -c 'pdftotext -layout $0 - | grep -qE "KVM_GET_API_VERSION, 0\); +1 +p. *[0-9]+"' $pdf
check 'a tree is cut where the page has it folded, and says of what' shows $pdf 'below, not shown'
folds=$(cat build/book/{01-open,04-vcpu}.html | grep '<details><summary aria' | grep -vcE 'class="blind"|what is the same')
shown=$(pdftotext $pdf - | grep -c 'below, not shown')
check "... a line for each fold ($folds)" test "$folds" -ge 1 -a "$shown" = "$folds"
check 'the command that shows all of it' shows $pdf 'build/kvt/kvt show'
check 'a solution is behind the chapters' bash -c '[[ $(pdftotext $0 - | grep -n "^Solution, page" | head -n 1) ]]' $pdf
check '... and leads back' shows $pdf 'Exercise 1.1, page'
check 'another chapter is named with its page' bash -c 'pdftotext $0 - | tr "\n" " " | grep -qE "chapter 4 \(page [0-9]+\)"' $pdf
check 'a line that is too wide goes on below, with a mark' shows $pdf '↪'
check '... and loses no word' bash -c '[[ $(pdftotext $0 - | tr -d " \n↪") == *"$(tr -d " " <<<"$1")"* ]]' $pdf "$wide"
check 'words in Chinese, Japanese and Korean' bash -c '[[ $(pdftotext $0 - | tr -d " \n") == *仮想機械*虚拟机从一扇门开始*가상* ]]' $pdf
check '... are drawn with a font that has them' grep -qE 'CJK|WenQuanYi' <(pdffonts $pdf)
check 'all fonts are in the file' bash -c '! pdffonts $0 | tail -n +3 | grep -qE " no +(yes|no) +(yes|no) +[0-9]+ +0$"' $pdf
check 'nothing runs out of a page' inside $pdf
check 'no word is printed over another' apart $pdf
check 'the pieces of a label are one line' shows $pdf 'a file, opened by the call open() alone'
check '... in the middle of its box, as a line of one piece is' centered $pdf
check 'the sheet of a chapter ends where it likes, and no page before it is blank' bash -c 'test -z "$(cat "$0")"' <(blank $pdf)
check 'the file is sound' qpdf --check $pdf
mkdir "$tmp/none"
check 'a directory without pages is refused' bash -c '! "$0"/tools/book/editions/make-pdf "$1" "$1"/x.pdf >said 2>&1 && grep -q "^make-pdf: .*index.html cannot be read: run make book$" said' "$root" "$tmp/none"
check 'wrong usage' bash -c '"$0"/tools/book/editions/make-pdf >said 2>&1; test $? = 2' "$root"

# The whole book, which takes minutes: with PART=K/N, where K is odd.
cd "$root" || exit 1
if [[ ${PART:-1} =~ [02468]/ ]]; then
	skip 13 "part $PART lays out the small book alone"
	exit
fi
make -s pdf >"$tmp/said" 2>&1
result $? 'make pdf of the whole book' || bail "$(cat "$tmp/said")"
pdf=build/book/kvm-on-arm64.pdf
pages=$(pdfinfo $pdf | sed -n 's/^Pages: *//p')
check "it has $pages pages" test "$pages" -ge 200
check 'the outline has every chapter' bash -c 'diff <(sed -nE "s,^[0-9]+\. +\[(.*)\]\(chapters/0*([0-9a-z]+)-.*,\U\2\E \1,p" book.md) <(cut -f3 | sed "s/\xe2\x80\x82/ /; s/\xc2\xa0/ /" | grep -E "^([0-9]+|[A-Z]) [A-Za-z]")' < <(outline $pdf | grep '^2')
check '... and leads there' leads_there $pdf
check 'the longest lines of the programs are whole' bash -c '
	bad=0
	pdftotext -layout $0 - | tr -s " " | sed "s/^ //" >"$1/lines"
	while read -r line; do
		grep -qF -- " $line" "$1/lines" || { echo "$line"; bad=1; }
	done < <(cat code/{[0-9]*,[a-z]-*}.c | expand | grep -E "^.{70,72}$" | tr -s " " | sed "s/^ //")
	exit $bad' $pdf "$tmp"
claims=$(cat chapters/*.md | grep -o '{\.claim ' | wc -l)
check "a mark for each of $claims claims" test "$(pdftotext $pdf - | grep -o ✓ | wc -l)" -ge "$claims"
check 'nothing runs out of a page of it' inside $pdf
check 'no word of it is printed over another' apart $pdf
check 'a tree that goes on overleaf says below what' continued $pdf
blank $pdf >"$tmp/blank" 2>&1
# A figure is not torn, does not pass a heading, and gets no smaller than its letters
# allow; a strip stays where it is. So a page may stay blank before one of them.
check 'no page is a quarter blank at the end, but for those before a chapter and before a figure' \
	bash -c '! grep -vxf <(sed "s/.*/page &: .*/" "$1") "$0"' "$tmp/blank" build/book/.pushed
check "... which are $(grep -c ^page "$tmp/blank") of $pages, and few" test "$(wc -l <"$tmp/blank")" -le $((pages / 80))
check 'a number of a page is that of the place' printed build/book/.edition.html $pdf
check 'the index leads to pages with the name' indexed build/book/.edition.html $pdf
