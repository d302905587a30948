#!/bin/bash
# tools/need is silent if nothing is missing; else it installs, or says what to
# install.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 27
need=tools/need

# Runs as an ordinary user, whoever runs the test.
as_user() {
	if ((EUID == 0)); then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}

capture $need bash bash:bash bash:/bin/bash coreutils:ls
is "$status:$out$err" "0:" "all there: silent"
# Each use of make asks, so no package manager may be asked then: it is slow.
mkdir "$tmp/slow"
for tool in dpkg dpkg-query apt-get; do
	printf '#!/bin/sh\necho %s >> %s\n' $tool "$tmp/asked" >"$tmp/slow/$tool"
done
chmod +x "$tmp"/slow/*
PATH=$tmp/slow:$PATH capture $need bash:bash coreutils:ls bash:/bin/bash
is "$status $(cat "$tmp/asked" 2>/dev/null)" "0 " "... without asking a package manager"

capture as_user $need no-such-package
is "$status" 1 "a package is missing: exit status"
is "$err" "need: please run: sudo apt-get install --no-install-recommends no-such-package" "and the command"
capture as_user $need bash one:no-such-command two:/no/such/file coreutils:ls
like "$err" 'install --no-install-recommends one two$' "all that is missing, and only that"

capture $need
is "$status" 2 "no argument is wrong usage"
like "$err" "^usage:" "with the usage"
for bad in "a b" "A" "x;y" "-y" "bash:"; do
	capture $need "$bad"
	is "$status" 2 "\"$bad\" is wrong usage"
done

# A machine without apt: everything but apt-get in a directory of links.
mkdir "$tmp/bin"
for command in bash dpkg-query mktemp rm tail setpriv env flock sleep; do
	ln -s "$(type -P $command)" "$tmp/bin/$command"
done
capture env PATH="$tmp/bin" bash $need one:no-such-command
is "$status" 1 "without apt: exit status"
is "$err" "need: please install these (named as in Debian): one" "without apt: what is needed"

if ((EUID != 0)); then
	skip 13 "needs root"
	exit
fi

# A stand-in for apt-get that notes what it is asked, and installs "good".
cat >"$tmp/bin/apt-get" <<'END'
#!/bin/bash
echo "$*" >>"$APT_LOG"
[[ $* != *slow* ]] || sleep 2
case "$*" in
indextargets) [[ -z $APT_LISTS ]] || echo lists ;;
*update) [[ $APT_UPDATE == works ]] || { echo "E: no network"; exit 100; } ;;
*good* | *slow*) [[ $APT_INSTALL == at-once ]] || grep -q update "$APT_LOG" || exit 100
	echo "Setting up good"; : >"$APT_RESULT" ;;
*) echo "E: Unable to locate package"; exit 100 ;;
esac
END
chmod +x "$tmp/bin/apt-get"
ln -s "$(type -P grep)" "$tmp/bin/grep"
install() {
	rm -f "$tmp/log" "$tmp/result"
	capture env PATH="$tmp/bin" APT_LOG="$tmp/log" APT_RESULT="$tmp/result" APT_LISTS="$1" \
		APT_UPDATE="$2" APT_INSTALL="$3" bash $need bash:bash "$4:$tmp/result"
	asked=$(tr '\n' ' ' <"$tmp/log")
}

install yes works at-once good
is "$status:$out$err" "0:need: installing good" "root: installs, in one line"
unlike "$asked" "update" "without an update when apt has lists"
like "$asked" "install -y --no-install-recommends good" "without recommended packages"
install "" works at-once good
is "$status" 0 "root, apt has no lists: installs"
like "$asked" "update .*install" "after an update"
install yes works after-update good
is "$status" 0 "root, apt's lists are old: installs"
like "$asked" "install .*update .*install" "after an update"
install yes fails after-update good
is "$status" 1 "no network: exit status"
like "$err" "E: no network" "no network: apt's words"
install yes works at-once bad
is "$status" 1 "no such package: exit status"
like "$err" "could not install bad" "no such package: which"

# One installs, and another asks for the same meanwhile: it waits, and installs
# nothing.
export NEED_LOCK="$tmp/locked"
mkdir "$NEED_LOCK"
asks() { env PATH="$tmp/bin" APT_LOG="$tmp/log" APT_RESULT="$tmp/result" APT_LISTS=yes APT_UPDATE=works APT_INSTALL=at-once bash $need "slow:$tmp/result"; }
rm -f "$tmp/log" "$tmp/result"
asks 2>/dev/null &
asks 2>/dev/null
both=$?
wait $!
is "$both$?" 00 "two at once: both have it"
is "$(grep -c 'install -y' "$tmp/log")" 1 "... installed once"
