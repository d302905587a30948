#!/bin/bash
# On an arm64 machine with KVM a program runs right there, with the lab's limit
# and statuses.  Here uname says that it is one.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 17

mkdir "$tmp/bin"
cat >"$tmp/bin/uname" <<'END'
#!/bin/bash
case $1 in
-m) echo aarch64 ;;
-r) echo "$KERNEL" ;;
esac
END
# It notes what it is asked, and does it.
cat >"$tmp/bin/timeout" <<END
#!/bin/bash
echo "\$*" >"$tmp/asked"
exec $(type -P timeout) "\$@"
END
cat >"$tmp/program" <<'END'
#!/bin/bash
echo "here $VALUE $*"
[[ ! ${1-} ]] || eval "$1"
END
chmod +x "$tmp"/bin/* "$tmp/program"
touch "$tmp/kvm"
export LAB_DEV_KVM=$tmp/kvm KERNEL=$RELEASE+deb13-arm64 PATH=$tmp/bin:$PATH
lab() { capture tools/lab/lab run "$@"; }

lab --env VALUE=7 "$tmp/program"
is "$status $out $err" "0 here 7  " "it runs here, with its variables"
like "$(<"$tmp/asked")" " 60 $tmp/program" "... with a limit of 60 seconds"
lab --timeout 5 "$tmp/program"
like "$(<"$tmp/asked")" " 5 $tmp/program" "... or the one that is said"
lab --tty "$tmp/program"
like "$(<"$tmp/asked")" " 0 $tmp/program" "... with a terminal without any"
lab "$tmp/program" 'exit 7'
is "$status $err" "7 " "its status"
# shellcheck disable=SC2016
lab "$tmp/program" 'kill -9 $$'
is "$status" 137 "a signal killed it"
lab --timeout 1 "$tmp/program" 'exec sleep 60'
is "$status $err" "124 lab: the time limit of 1 s is over: program was stopped" "its time is over"
like "$out" "^here" "... and what it printed is kept"
LAB_GRACE=1 lab --timeout 1 "$tmp/program" 'trap "" ALRM; sleep 60'
is "$status" 137 "... also if it does not listen"

export KERNEL=6.12.117+deb13-arm64
lab "$tmp/program"
is "$status $err" "0 " "another kernel: nothing is said while all goes well"
lab "$tmp/program" 'exit 1'
is "$status $err" "1 lab: this machine's kernel is 6.12.117+deb13-arm64, and the book is about $RELEASE; LAB_NATIVE=0 runs it on that" \
	"... where it fails, what may be the reason"
lab --timeout 1 "$tmp/program" 'exec sleep 60'
like "$status $err" "^124 .*time limit of 1 s.*kernel is 6.12.117" "... or never ends"
KERNEL=${RELEASE}1 lab "$tmp/program" 'exit 1'
like "$err" "kernel is ${RELEASE}1," "a release whose number only begins as the book's is another"
(cd "$tmp" && "$OLDPWD/tools/lab/lab" run program) >"$tmp/here" 2>&1
is "$(<"$tmp/here")" "here  " "a program without a path is that of the folder"
mkdir "$tmp/nothing"
LAB_DEV_KVM=$tmp/none KVM_BOOK_CACHE=$tmp/nothing LAB_MIRROR=http://localhost:1/ lab "$tmp/program"
unlike "$out" "here" "without KVM it does not run here"
echo 'machine gic-version=2' >"$tmp/needs"
LAB_MIRROR=http://localhost:1/ KVM_BOOK_CACHE=$tmp/nothing lab --needs "$tmp/needs" "$tmp/program"
unlike "$out" "here" "... and neither where it needs another machine"
echo 'mode nested' >"$tmp/needs"
LAB_MIRROR=http://localhost:1/ KVM_BOOK_CACHE=$tmp/nothing lab --needs "$tmp/needs" "$tmp/program"
unlike "$out" "here" "... or another mode"
