#!/bin/bash
# Threads side by side: a chapter's table of how they took turns, and what the
# build refuses.  tests/kvt-turns.t tests what kvt turns prints.
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
plan 7

# Thread 0 is in outer() while thread 1 runs; the times are of this order.
cat >"$tmp/two.kvt" <<'END'
kvt 1
kernel 6.18.15
source code/01-open.c sha256:0
thread 0
@ioctl(4:vcpu, KVM_RUN, 0) at code/01-open.c:1 {
  ~level() at x.c:1 {
    outer(vcpu=vcpu#0) {
      !moment(n=1)
      inner(n=<1>) = -5
    } = 1
    inner(n=2) = 2
  }
} = 0
thread 1
@ioctl(5:vcpu, KVM_RUN, 0) at code/01-open.c:1 {
  other(vcpu=vcpu#1)
} = -EINTR
end 7 sha256:0
END
printf '%s\n' $'record\tstart_ns\tduration_ns\tcpu' \
	$'1\t100\t900\t0' $'2\t110\t500\t0' $'3\t120\t0\t0' $'4\t400\t50\t0' $'5\t700\t10\t0' \
	$'6\t200\t600\t0' $'7\t210\t10\t0' '# folded: 1' >"$tmp/two.times"
# make_page ATTRIBUTES [FAULT]: a page with the table.
make_page() {
	sample
	mkdir -p traces/6.18.15/nvhe
	cp "$tmp/two.kvt" traces/6.18.15/nvhe/01-open.kvt
	recapture_one code/01-open.c traces/6.18.15/nvhe/01-open.kvt
	"$root/build/kvt/kvt" turns traces/6.18.15/nvhe/01-open.kvt "$tmp/two.times" >traces/6.18.15/nvhe/01-open.turns
	printf '\n::: {.turns mode="nvhe" %s}\nA caption.\n:::\n' "$1" >>chapters/01-open.md
	eval "${2-}"
	make build/book/01-open.html >said 2>&1
}
# The rows: how many empty cells come first, and the text.
rows() {
	make_page "$1" || { cat said; return 1; }
	sed -n '/class="turns"/,/<\/figure>/p' build/book/01-open.html | grep '<tr><td>' |
		sed -E 's,<tr>((<td></td>)*)<td><code>(.*)</code>.*,\1\3,; s,<td></td>,| ,g; s,</?(span|a|b|var)[^>]*>,,g'
}
is "$(rows 'capture="01-open" calls="KVM_RUN outer inner other moment"')" "ioctl(4:vcpu, KVM_RUN, 0)
outer(vcpu=vcpu#0)
moment(n=1)
| ioctl(5:vcpu, KVM_RUN, 0)
| other(vcpu=vcpu#1)
inner(n=&lt;1&gt;) = -5
… outer = 1
inner(n=2) = 2
| … KVM_RUN = -EINTR
… KVM_RUN = 0" "the table: calls in the order of time, in two rows where something comes between"
is "$(rows 'capture="01-open" calls="inner(n=2) other"')" "| other(vcpu=vcpu#1)
inner(n=2) = 2" "... chosen by an argument"
is "$(rows 'capture="01-open" calls="inner" turns="3-5"')" "inner(n=&lt;1&gt;) = -5
inner(n=2) = 2" "... chosen by turns"

refuses() {
	if make_page "$3" "${4-}"; then
		result 1 "refused: $1"
	else
		like "$(cat said)" "chapters/01-open.md:[0-9]+: $2" "refused: $1"
	fi
}
refuses 'turns without calls' 'turns need capture=' 'capture="01-open"'
refuses 'a call that is not there' 'nobody is not called in these turns of' 'capture="01-open" calls="inner nobody"'
refuses 'turns that nobody recorded' 'no turns .*01-open.turns: run make traces' 'capture="01-open" calls="inner"' 'rm traces/6.18.15/nvhe/*.turns'
refuses 'turns of another capture' '.*01-open.turns is not of this capture' 'capture="01-open" calls="inner"' 'echo "1	9" >>traces/6.18.15/nvhe/01-open.turns'
