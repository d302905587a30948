#!/bin/bash
# kvt cover: compares its counts with counts made another way, and its output
# with tests/kvt/golden (GOLDEN=write makes those files again).
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 35

kvt=build/kvt/asan/kvt
tables=traces/$RELEASE
symbols=$tables/symbols.tsv
one=tests/kvt/vcpu.kvt
two=("$tables"/{vhe,nvhe,protected}/03-vm.kvt "$one")
golden=tests/kvt/golden
unset KVT_SYMBOLS

cover() { capture "$kvt" cover --symbols "$symbols" "$@"; }

golden() {
	local name=$1
	shift
	cover "$@"
	# What is empty looks different in each release of json-c.
	if [[ $name == *json* ]]; then
		jq . "$tmp/out" >"$tmp/json"
		mv "$tmp/json" "$tmp/out"
	fi
	if [[ ${GOLDEN-} == write ]]; then
		cp "$tmp/out" "$golden/$name"
	fi
	ok "$name" diff -u "$golden/$name" "$tmp/out"
	is "$status$err" 0 "... and nothing else to say"
}

golden cover.txt --beside $tables/peers.tsv "$one"
golden cover-functions.txt --functions --path virt/kvm/kvm_main.c "${two[@]}"
golden cover-json.txt --json --path /hyp/pgtable.c "${two[@]}"
golden cover-html.txt --html --pages --source-base http://x/ --path pgtable.c "${two[@]}"
capture "$kvt" cover --help
cp "$tmp/out" "$tmp/help"
[[ ${GOLDEN-} != write ]] || cp "$tmp/help" "$golden/help-cover.txt"
ok "help-cover.txt" diff -u "$golden/help-cover.txt" "$tmp/help"

# The same numbers without kvt.  A name belongs to the first row it has.
all=("$tables"/*/*.kvt)
sed 1d $symbols | awk -F '\t' '!seen[$1]++ && $2 == "function" && $3 ~ "^(virt|arch/arm64)/kvm/" { print $1 }' |
	sort >"$tmp/source"
cut -f3 $tables/functions.tsv | sed 's/\..*//' | sort -u | comm -12 - "$tmp/source" >"$tmp/traceable"
sed -nE 's/^ *([A-Za-z_][A-Za-z0-9_]*)[^( ]*\(.*/\1/p' "${all[@]}" | sort -u | comm -12 - "$tmp/source" >"$tmp/reached"
cover "${all[@]}"
like "$out" "^$(wc -l <"$tmp/reached") of $(wc -l <"$tmp/traceable") traceable functions" \
	"as many as grep, sort and comm find in ${#all[@]} captures"

# names STATE: those of --json, checked as JSON by another reader.
names() {
	perl -MJSON::PP -e 'local $/; my $d = decode_json(<STDIN>);
		print map { "$_\n" } sort map { $_->{name} } grep { $_->{state} eq $ARGV[0] }
			map { @{$_->{functions}} } @{$d->{files}}' "$1" <"$tmp/out"
}
cover --json "${all[@]}"
is "$(names reached | md5sum)" "$(md5sum <"$tmp/reached")" "the same functions, in JSON"
is "$(names 'not reached')" "$(comm -23 "$tmp/traceable" "$tmp/reached")" "the others that could be traced"
is "$( (names 'out of sight'; names 'at EL2') | sort)" "$(comm -23 "$tmp/source" "$tmp/traceable")" \
	"all others of the source are out of sight, or at EL2"
is "$(comm -23 <(cut -f1 $tables/untraced.tsv | sort) <(names 'out of sight'))" "" "out of sight is what untraced.tsv lists"
is "$(names 'at EL2')" "$(sed 1d $symbols | awk -F '\t' '!seen[$1]++ && $2 == "function" && $3 ~ "/hyp/nvhe/" { print $1 }')" \
	"at EL2 is what hyp/nvhe defines first"
is "$(perl -MJSON::PP -e 'local $/; my $d = decode_json(<STDIN>);
	for my $f (@{$d->{files}}) {
		my %n; $n{$_->{state}}++ for @{$f->{functions}};
		$n{$_} //= 0 for "reached", "not reached", "out of sight", "at EL2";
		$sum{$_} += $f->{$_} for qw(reached traceable out_of_sight at_el2 source);
		print "$f->{path}\n" unless $f->{reached} == $n{reached} && $f->{out_of_sight} == $n{"out of sight"}
			&& $f->{at_el2} == $n{"at EL2"} && $f->{traceable} == $n{reached} + $n{"not reached"}
			&& $f->{source} == @{$f->{functions}};
	}
	print "$_\n" for grep { $sum{$_} != $d->{total}{$_} } keys %sum' <"$tmp/out")" "" \
	"the numbers of each file are those of its list, and add up"
is "$(perl -MJSON::PP -e 'local $/; my $d = decode_json(<STDIN>);
	my ($f) = grep { $_->{name} eq "kvm_vm_ioctl_create_vcpu" } map { @{$_->{functions}} } @{$d->{files}};
	print join " ", map { "$_->{program}/$_->{mode}=$_->{calls}" } @{$f->{by}}' <"$tmp/out")" \
	"$(for file in "${all[@]}"; do
		n=$(grep -cE '^ *kvm_vm_ioctl_create_vcpu\(' "$file")
		[[ $n == 0 ]] || echo "$(sed -n 's/^program //p' "$file")/$(sed -n 's/^mode //p' "$file")=$n"
	done | xargs)" "the calls of a function, capture by capture"

# One program in several modes is one program.
cover --functions --path kvm/mmu.c $tables/{nvhe,vhe}/03-vm.kvt
like "$out" "by 1 program in 2 captures" "two modes of one program"
like "$out" $'reached +[0-9]+  kvm_share_hyp  03-vm × [0-9]+\n' "... no mode where both have it"
like "$out" $'__create_hyp_mappings  03-vm × [0-9]+ in nvhe\n' "... and the mode where one has it"

cover --functions "${all[@]}"
cp "$tmp/out" "$tmp/forward"
mapfile -t backward < <(printf '%s\n' "${all[@]}" | tac)
cover --functions "${backward[@]}"
ok "the order of captures does not matter" diff <(sed 's/ in [a-z]* and [a-z]*//g' "$tmp/forward") \
	<(sed 's/ in [a-z]* and [a-z]*//g' "$tmp/out")

# Tables that do not fit.
mkdir "$tmp/facts"
cp $tables/untraced.tsv "$tmp/facts"
grep -v $'\tkvm_create_vm\t' $tables/functions.tsv >"$tmp/facts/functions.tsv"
cover --facts "$tmp/facts" "$one"
like "$status $err" "^0 .*functions.tsv does not list 1 that ran" "a function that ran and is not in the table: said"
like "$out" " of $(wc -l <"$tmp/traceable") traceable" "... and counted as traceable"
printf 'kvm_vm_ioctl\tvirt/kvm/kvm_main.c\t1\n' >>"$tmp/facts/untraced.tsv"
cover --facts "$tmp/facts" "$one"
like "$status $err" "^5 .*kvm_vm_ioctl is in functions.tsv too" "tables of two kernels"
rm "$tmp/facts/untraced.tsv"
cover --facts "$tmp/facts" "$one"
like "$status $err" "^5 .*untraced.tsv: No such file" "a table that is missing"

sed '/^end /d; s/^\( *\)kvm_create_vm(/\1kvm_create_it(/' "$one" >"$tmp/other.kvt"
printf 'end 1133 sha256:%s\n' "$(sha256sum <"$tmp/other.kvt" | cut -d' ' -f1)" >>"$tmp/other.kvt"
cover "$tmp/other.kvt"
like "$status $err" "^0 .*other.kvt: calls that the index has no function for: 1;" "a function that the index does not have: said"

printf 'one\tline\nwho\tkernel\tmany\t10\thow\n' >"$tmp/peers.tsv"
cover --beside "$tmp/peers.tsv" "$one"
like "$status $err" "^5 .*peers.tsv: a line without five fields" "figures to stand beside in another form"

cover --beside $tables/peers.tsv --path mmu.c "$one"
like "$status $err" "^2 .*--beside are of all of KVM" "figures of all of KVM beside a part of it"
cover --html --beside $tables/peers.tsv "$one"
like "$out" $'<th scope="row">The kernel\'s own KVM selftests, on Debian\'s kernel <span class="how-known">measured with the 37 selftests of 6.18.15</span></th><td>696</td><td>1261</td><td>55%</td>' \
	"the selftests stand beside in HTML"
cover --json --beside $tables/peers.tsv "$one"
is "$(perl -MJSON::PP -e 'local $/; print join " ", map { "$_->{reached}/$_->{traceable}" } @{decode_json(<STDIN>)->{beside}}' <"$tmp/out")" \
	"696/1261 674/1299" "... and in JSON"

cover
like "$status $err" "^2 .*one capture or more" "no capture"
capture "$kvt" cover "$one"
like "$status $err" "^2 .*--symbols TSV" "no index"
cover --path no/such/file.c "$one"
like "$status $err" "^2 .*no file of KVM .*'no/such/file.c'" "a path that no file has"
head -n 500 "$one" >"$tmp/cut.kvt"
cover "${all[0]}" "$tmp/cut.kvt"
like "$status $err" "^3 .*cut.kvt" "a capture that is cut off"
capture bash -c "$kvt cover --symbols $symbols $one >/dev/full"
like "$status $err" "^5 .*cannot write" "a full disk is noticed"
