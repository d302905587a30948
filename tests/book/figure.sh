# For tests/book-figure*.t, after lib.sh: a small book whose first chapter ends with a
# figure, page is the page of that chapter.
# shellcheck shell=bash disable=SC2016,SC2154
"$root/tools/need" graphviz:dot tidy:tidy python3-lxml:/usr/lib/python3/dist-packages/lxml || bail 'no dot, or no tidy'

chapter=chapters/01-open.md
page=build/book/01-open.html
figure=chapters/figures/doors.dot

# A small book whose first chapter ends with a figure.
with_figure()
{
	sample
	mkdir -p chapters/figures
	cat >$figure <<-'END'
	digraph {
		program [class=user, label="your program"]
		subgraph cluster_kernel {
			class=kernel
			label="the kernel"
			file [class=kernel, label=<<B>file</B>, by <FONT FACE="Courier">open()</FONT>>]
		}
		program -> file [label="open"]
	}
	END
	printf '\n![A door & a file](figures/doors.dot "What `open(2)` opens.")\n' >>$chapter
}

drawn()
{
	sed -n '/<figure class="drawing">/,/<\/figure>/p' $page
}

has() { drawn | grep -qF -- "$1" || { drawn; echo "does not hold: $1"; return 1; }; }
lacks() { ! drawn | grep -nE -- "$1"; }

# refuses NAME MESSAGE FAULT: as in book-refuse.t.
refused()
{
	with_figure
	eval "$2"
	stops "$1" $page
}

refuses() { check "refused: $1" refused "$2" "$3"; }

accepted()
{
	with_figure
	eval "$1"
	builds $page
}

accepts() { check "accepted: $1" accepted "$2"; }
