#!/bin/bash
# Claims of a figure: what the build holds them against, and which it refuses.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
# shellcheck source-path=SCRIPTDIR source=book/figure.sh
source "$root/tests/book/figure.sh"
plan 40

# in_book COMMAND...: in the book that the check before has left.
in_book() { cd "$tmp/book" && "$@"; }

# claims LINE...: the figure begins with these lines.
claims() { { printf '%s\n' "$@"; cat $figure; } >claiming && mv claiming $figure; }
# The commands that are evaluated use these.
# shellcheck disable=SC2034
claim='// claim of="04-vcpu" in="KVM_CREATE_VCPU#1" shows="timer_context_init 4 times"'
# shellcheck disable=SC2034
never='// claim of="04-vcpu" in="KVM_CREATE_VCPU#1" shows="timer_context_init never" text="open"'

accepts 'what a capture bears out, and in it a text of several pieces' 'claims "$claim text=\"file, by open()\" text=\"your program\""'
check '... does not get into the page' in_book lacks timer_context_init
check '... on which the page depends' in_book grep -q traces/6.18.15/vhe/04-vcpu.kvt build/book/.deps/01-open.d
accepts '... in another mode' 'claims "// claim of=\"04-vcpu\" mode=\"nvhe\" shows=\"KVM_CREATE_VCPU\" text=\"open\""'
check '... on which it depends, too' in_book grep -q traces/6.18.15/nvhe/04-vcpu.kvt build/book/.deps/01-open.d
accepts 'what a program prints' 'claims "// output of=\"04-vcpu\" has=\"file descriptor 5\" text=\"open\""'
check '... on which the page depends' in_book grep -q traces/6.18.15/vhe/04-vcpu.out build/book/.deps/01-open.d
accepts 'what the source has' 'claims "// src at=\"kvm_dev_ioctl\" has=\"r =  KVM_API_VERSION\" text=\"the kernel\""'
accepts 'what a file has, with a quotation mark' 'claims "// file at=\"code/04-vcpu.c\" has=\"open(\\\"/dev/kvm\\\", O_RDWR | O_CLOEXEC)\" text=\"open\""'
check '... on which the page depends' in_book grep -q code/04-vcpu.c build/book/.deps/01-open.d
accepts 'a text at the end of a line and the beginning of the next' 'sed -i "s/your program/your\\\\nprogram/" $figure; claims "$claim text=\"your program\""'
accepts 'cells of a row' 'sed -i "2s/label=.*/label=<<TABLE><TR><TD>1 <\/TD> <TD>2<\/TD><\/TR><\/TABLE>>]/" $figure; claims "$claim text=\"1|2\""'
accepts '... that are apart' 'sed -i "2s/label=.*/label=<<TABLE><TR><TD>1<\/TD>\n\t<TD><B>2 <\/B><\/TD><\/TR><\/TABLE>>]/" $figure; claims "$claim text=\"1|2|\""'
accepts 'signs of XML' 'sed -i "s/<B>file/<B>a \&lt; \&amp;b/" $figure; claims "$claim text=\"a < &b\""'
accepts 'a second place that is a word' 'sed -i "s/your program/opener open/" $figure; claims "$claim text=\"open\""'
refuses 'a claim that is false, at its line' "^$figure:2: claim fails: in KVM_CREATE_VCPU#1: timer_context_init never" 'claims "$claim text=\"open\"" "$never"'
check '... and why' in_book grep -q '^traces/6.18.15/vhe/04-vcpu.kvt:   it is there 4 times' said
check '... and only that' in_book bash -c 'test "$(grep -c "claim fails" said)" = 1'
refuses 'a claim of a text that the figure does not have' "^$figure:1: the figure does not say 4 doors" 'claims "$claim text=\"4 doors\""'
refuses '... of a part of a word' "^$figure:1: the figure does not say pen" 'claims "$claim text=\"pen\""'
refuses '... of its other part' "^$figure:1: the figure does not say ope" 'claims "$claim text=\"ope\""'
refuses '... of what is no label' "^$figure:1: the figure does not say user" 'claims "$claim text=\"user\""'
refuses '... of a comment' "^$figure:2: the figure does not say a door" 'claims "# label=\"a door\"" "$claim text=\"a door\""'
refuses '... of two cells' "^$figure:1: the figure does not say 1 2" 'sed -i "2s/label=.*/label=<<TABLE><TR><TD>1<\\/TD><TD>2<\\/TD><\\/TR><\\/TABLE>>]/" $figure; claims "$claim text=\"1 2\""'
refuses '... of two rows' "^$figure:1: the figure does not say 1|2" 'sed -i "2s/label=.*/label=<<TABLE><TR><TD>1<\/TD><\/TR> <TR><TD>2<\/TD><\/TR><\/TABLE>>]/" $figure; claims "$claim text=\"1|2\""'
refuses '... one text of two' "^$figure:1: the figure does not say shut" 'claims "$claim text=\"shut\" text=\"open\""'
refuses 'a claim about a capture that is not there' "no capture traces/6.18.15/vhe/05-none.kvt: run make traces" 'claims "// claim of=\"05-none\" shows=\"x\" text=\"open\""'
refuses 'a claim about a capture of another program' "code/04-vcpu.c has changed since" 'echo >>code/04-vcpu.c; claims "$claim text=\"open\""'
refuses 'what a program does not print' "^$figure:1: traces/6.18.15/vhe/04-vcpu.out has no line with descriptor 6" 'claims "// output of=\"04-vcpu\" has=\"descriptor 6\" text=\"open\""'
refuses '... but a part of it' "^$figure:1: traces/6.18.15/vhe/04-vcpu.out has no line with CPU 0" 'claims "// output of=\"04-vcpu\" has=\"CPU 0\" text=\"open\""'
refuses '... of a program that has changed' "code/04-vcpu.c has changed since" 'echo >>code/04-vcpu.c; claims "// output of=\"04-vcpu\" has=\"descriptor 5\" text=\"open\""'
refuses 'what is in no table of the source' "^$figure:1: src:kvm_dev_ioctl \"r = 1\" is not in .*lines.tsv: run make index" 'claims "// src at=\"kvm_dev_ioctl\" has=\"r = 1\" text=\"open\""'
refuses 'what a file has not' "^$figure:1: code/04-vcpu.c has no line with open_doors" 'claims "// file at=\"code/04-vcpu.c\" has=\"open_doors\" text=\"open\""'
refuses 'a claim of another kind' "^$figure:1: // begins a claim, an output, a src or a file; other comments" 'claims "// clam of=\"04-vcpu\" shows=\"KVM_RUN\" text=\"open\""'
refuses '... that is indented' "^$figure:1: // begins a claim" 'claims "	// clam"'
refuses 'a claim without a text' "^$figure:1: claim needs text=" 'claims "$claim"'
refuses '... with an empty one' "^$figure:1: src needs has=" 'claims "// src at=\"x\" has=\" \" text=\"open\""'
refuses '... with an attribute that it has not' "^$figure:1: file has no of=" 'claims "// file at=\"code/04-vcpu.c\" has=\"main\" of=\"x\" text=\"open\""'
refuses '... with one twice' "^$figure:1: claim: after it come attributes" 'claims "$claim of=\"x\" text=\"open\""'
refuses '... with other words' "^$figure:1: claim: after it come attributes" 'claims "$claim text=\"open\" or not"'
