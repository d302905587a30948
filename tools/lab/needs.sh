# What a chapter's program is given besides its capture's words: read_needs FILE
# reads code/NN-name.needs, which says what its lines mean, into arrays.
# shellcheck shell=bash disable=SC2034

# How KVM can run, and the processor of the lab that can do the last.
modes='vhe|nvhe|protected|nested'
nested_cpu=max,pauth=off

read_needs() {
	local kind value option='[a-z][a-z0-9-]*=[^,[:space:]]+'
	need_files=() need_arguments=() need_recorded=() need_functions=() need_terminal=0 need_memory='' need_claims=()
	need_machine='' need_cpu='' need_mode='' need_timeout=''
	while read -r kind value; do
		case $kind in
		'' | \#*) ;;
		file) need_files+=("$value") ;;
		argument) need_arguments+=("$value") ;;
		recorded) need_recorded+=("$value") ;;
		function) need_functions+=("$value") ;;
		terminal) need_terminal=1 ;;
		memory) need_memory=$value ;;
		timeout)
			if [[ ! $value =~ ^[1-9][0-9]*$ ]]; then
				echo "$1: timeout $value: must be a number of seconds" >&2
				return 1
			fi
			need_timeout=$value
			;;
		machine)
			if [[ ! $value =~ ^$option(,$option)*$ ]]; then
				echo "$1: machine $value: must be options of QEMU's -M virt, such as gic-version=2" >&2
				return 1
			fi
			need_machine+=${need_machine:+,}$value
			;;
		cpu)
			if [[ $need_cpu || ! $value =~ ^[a-z][a-z0-9-]*(,$option)*$ ]]; then
				echo "$1: cpu $value: must be one of QEMU's -cpu, such as max,pauth=off, and there can be one" >&2
				return 1
			fi
			need_cpu=$value
			;;
		mode)
			if [[ ! $value =~ ^($modes)$ ]]; then
				echo "$1: mode $value: must be vhe, nvhe, protected or nested" >&2
				return 1
			fi
			need_mode=$value
			;;
		claim) need_claims+=("$value") ;;
		*) echo "$1: $kind: no such kind of line" >&2; return 1 ;;
		esac
	done <"$1"
}

# Leaves to the lab, in its variables, the machine and the time limit that were
# read; what the user has set counts for more.
set_machine() {
	[[ ! $need_memory ]] || export LAB_MEM="${LAB_MEM:-$need_memory}"
	[[ ! $need_timeout ]] || export LAB_TIMEOUT="${LAB_TIMEOUT:-$need_timeout}"
	[[ ! $need_machine ]] || export LAB_MACHINE="${LAB_MACHINE:-$need_machine}"
	[[ ! $need_cpu ]] || export LAB_CPU="${LAB_CPU:-$need_cpu}"
}
