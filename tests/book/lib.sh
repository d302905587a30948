# For tests/book-*.t: small books made of tests/book/sample, one a test.
# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR source=../tap.sh
source "$(dirname "${BASH_SOURCE[0]}")/../tap.sh"

root=$PWD
tools/need pandoc:pandoc make:make || bail "no pandoc"
unset MAKEFLAGS MAKELEVEL V

# check NAME COMMAND...: like ok, but what a failed command printed is shown.
check()
{
	local name=$1 said
	shift
	said=$("$@" 2>&1)
	result $? "$name" || diag "$said"
}

# A fresh copy of the sample book, which becomes the working directory.
sample()
{
	rm -rf "$tmp/book"
	cp -r "$root/tests/book/sample" "$tmp/book"
	cd "$tmp/book" || exit 1
	{
		grep -E '^(Q|say) ' "$root/Makefile"
		printf 'RELEASE := %s\nKVT := %s\ninclude %s\n' "$release" "$root/build/kvt/kvt" "$root/tools/book/book.mk"
	} >Makefile
}

# seal CAPTURE...: gives captures that were edited the checksum of their lines.
seal()
{
	local file sum
	for file; do
		sum=$(sed '$d' "$file" | sha256sum | cut -d' ' -f1)
		sed -i -E "\$s/^(end [0-9]+) .*/\1 sha256:$sum/" "$file"
	done
}

# recapture_one FILE CAPTURE...: tells captures that they are of the program's
# file as it is now.
recapture_one()
{
	sed -i "s,^source $1 .*,source $1 sha256:$(sha256sum "$1" | cut -d' ' -f1)," "${@:2}"
	seal "${@:2}"
}

# The same of all captures and files.
recapture()
{
	local file
	for file in code/*; do
		recapture_one "$file" traces/6.18.15/*/*.kvt
	done
}

# builds TARGET...: make does, and what it said stays in the file said.
builds()
{
	make "$@" >said 2>&1 || { cat said; return 1; }
}

# stops MESSAGE TARGET...: make fails, and says a line that MESSAGE matches.
stops()
{
	local message=$1
	shift
	if make "$@" >said 2>&1; then
		cat said
		echo 'the build did not stop'
		return 1
	fi
	grep -qE -- "$message" said || { cat said; echo "expected: $message"; return 1; }
}

holds()
{
	local status=0
	grep -qF -- "$2" "$1" || status=$?
	((status == 0)) || { echo "$1 does not hold (grep: $status): $2"; return 1; }
}

# Of the kernel that the sample is about; the book may move on.
release=6.18.15

# tree DIR [SUBLEVEL]: what looks like the source of the book's kernel, each line
# of which says so.
tree()
{
	local file
	mkdir -p "$1/arch/arm64/kvm"
	printf '# SPDX-License-Identifier: GPL-2.0\nVERSION = %s\nPATCHLEVEL = %s\nSUBLEVEL = %s\nEXTRAVERSION =\n' \
		"${release%%.*}" "$(cut -d. -f2 <<<"$release")" "${2-${release##*.}}" >"$1/Makefile"
	for file in virt/kvm/kvm_main.c arch/arm64/kvm/{arm,mmu,pmu-emul,arch_timer}.c drivers/char/misc.c \
		arch/arm64/kvm/hyp/nvhe/hyp-smp.c arch/arm64/kvm/vgic/vgic-init.c arch/arm64/include/asm/kvm_host.h; do
		mkdir -p "$1/${file%/*}"
		{
			echo '// SPDX-License-Identifier: GPL-2.0-only'
			awk 'BEGIN { for (n = 2; n <= 6000; n++) print "\tkernel_line(" n ", \"a<b\"); /* in '"$file"' */" }'
		} >"$1/$file"
	done
	sed -i -e '5521s/.*/static long/' -e '5522s/.*/kvm_dev_ioctl(struct file *filp)/' "$1/virt/kvm/kvm_main.c"
}
