# Completion of kvt for bash.  Asks kvt itself for its commands and their
# options, and a capture that is on the line for what it has in it.
# shellcheck shell=bash

# The first capture on the line.
_kvt_capture() {
	local word
	for word in "${COMP_WORDS[@]:2}"; do
		if [[ $word == *.kvt?(.gz) && -f $word ]]; then
			printf '%s\n' "$word"
			return
		fi
	done
}

# What may follow --syscall: names of system calls, and of ioctls.
_kvt_syscalls() {
	"$1" export --format folded "$2" 2>/dev/null |
		awk -F'[; ]' 'NF > 2 { print $2 } $2 == "ioctl" && NF > 3 { print $3 }' | sort -u
}

_kvt_functions() {
	"$1" export --format jsonl "$2" 2>/dev/null |
		sed -n 's/.*"kind":"\(call\|inlined\|unseen\)","name":"\([^"]*\)".*/\2/p' | sort -u
}

# What may follow --at: lines of the program.
_kvt_places() {
	"$1" lines --tsv "$2" 2>/dev/null | awk -F'\t' 'NR > 1 && $2 { print $1 ":" $2 }'
}

_kvt_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f "${@:2}" -- "$1"; compgen -d -- "$1")
}

_kvt_captures() {
	local packed
	_kvt_files "$1" -X '!*.kvt'
	mapfile -t packed < <(compgen -f -X '!*.kvt.gz' -- "$1")
	COMPREPLY+=("${packed[@]}")
}

_kvt_words() {
	mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
}

# What the help of COMMAND, or else of show, calls the value of OPTION: FILE;
# nothing if it takes none.
_kvt_placeholder() {
	local kvt=$1 command=$2 option=$3 help
	for help in "$command" show; do
		"$kvt" "$help" --help 2>/dev/null |
			sed -nE "s/^ +(-[a-z], )?${option}(, --[a-z-]+)? ([A-Z][A-Z-]*)([^A-Za-z].*)?\$/\\3/p" | head -n 1
	done | head -n 1
}

# The words that OPTION takes, as kvt says when it is given none of them.
_kvt_choices() {
	"$1" "$2" "$3" '' x 2>&1 | sed -n "s/^kvt: $3 takes \([a-z, ]*\), not ''\$/\1/p" |
		sed 's/,\| or / /g'
}

# The value of the option PREV of COMMAND; fails if PREV takes none.
_kvt_value() {
	local kvt=$1 command=$2 prev=$3 cur=$4 capture
	[[ $prev == -* ]] || return 1
	capture=$(_kvt_capture)
	case $prev:$(_kvt_placeholder "$kvt" "$command" "$prev") in
	*:) return 1 ;;
	--syscall:*) _kvt_words "$cur" "$(_kvt_syscalls "$kvt" "$capture")" ;;
	--at:*) _kvt_words "$cur" "$(_kvt_places "$kvt" "$capture")" ;;
	--function:*) _kvt_words "$cur" "$(_kvt_functions "$kvt" "$capture")" ;;
	*:WHEN | *:FORMAT | *:MODE) _kvt_words "$cur" "$(_kvt_choices "$kvt" "$command" "$prev")" ;;
	*:TSV) _kvt_files "$cur" -X '!*.tsv' ;;
	*:FILE | *:DIR | *:RAW-DIR) _kvt_files "$cur" ;;
	*) COMPREPLY=() ;;
	esac
}

# The line of --at FILE:LINE; fails if that is not where the cursor is.
# Bash breaks words at the colon, which may be the last of them.
_kvt_line() {
	local kvt=$1 cur=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) file
	[[ $cur == : ]] && cur='' at=$COMP_CWORD
	[[ ${COMP_WORDS[at]} == : && ${COMP_WORDS[at - 2]-} == --at ]] || return 1
	file=${COMP_WORDS[at - 1]}
	_kvt_words "$cur" "$(_kvt_places "$kvt" "$(_kvt_capture)" |
		awk -F: -v f="/$file" 'substr("/" $1, length($1) + 2 - length(f)) == f { print $2 }')"
}

_kvt_argument() {
	local kvt=$1 command=$2 cur=$3 capture
	capture=$(_kvt_capture)
	case $command in
	object)
		if [[ $capture && $capture != "$cur" ]]; then
			_kvt_words "$cur" "$("$kvt" object "$capture" 2>/dev/null | awk 'NR > 1 { print $1 }')"
		else
			_kvt_captures "$cur"
		fi ;;
	record | index | gaps | facts | import) _kvt_files "$cur" ;;
	*) _kvt_captures "$cur" ;;
	esac
}

_kvt() {
	local kvt=${COMP_WORDS[0]} command=${COMP_WORDS[1]-}
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		_kvt_words "$cur" "--help $("$kvt" --help 2>/dev/null |
			sed -nE 's/^  ([a-z]+)  .*/\1/p')"
	elif ((COMP_CWORD > 3)) && _kvt_line "$kvt"; then
		:
	elif _kvt_value "$kvt" "$command" "$prev" "$cur"; then
		:
	elif [[ $cur == -* ]]; then
		_kvt_words "$cur" "$("$kvt" "$command" --help 2>/dev/null |
			grep -oE '(^|[^-a-z])--?[a-z][-a-z]*' | grep -oE -- '-.*' | sort -u) --help"
	else
		_kvt_argument "$kvt" "$command" "$cur"
	fi
}

complete -F _kvt kvt
