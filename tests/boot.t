#!/bin/bash
# Chapter 30's program boots Debian's kernel on Debian's kernel, is typed at,
# and says what to do when something is wrong.
# shellcheck disable=SC2016 source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 75

lab=tools/lab/lab
files=$tmp/guest
tools/lab/guest "$files" code/30-linux.init stock || bail "no files for the guest"
busybox=$("$lab" sysroot)/usr/bin/busybox
put=(--put "$files/Image" --put "$files/initramfs" --put "$files/disk")
run=("$lab" run --kernel stock --timeout 300)
program=(build/code/30-linux --initrd initramfs --disk disk)

# The UART, which every kernel knows, and what two runs of it have in common.
capture "${run[@]}" "${put[@]}" "${program[@]}" --exits \
	--append 'quiet run="cat /mnt/welcome; ls -d /sys/class/tty/ttyAMA0"' Image
is "$status" 0 "a boot by the UART ends when the guest switches itself off"
like "$out" 'Linux '"$RELEASE"'[^ ]*, 2 processors' "... Debian's kernel, with both processors"
like "$out" 'This line is on the disk'.*'This line is on the disk' "... it reads the disk"
like "$out" /sys/class/tty/ttyAMA0 "... and has the UART"
is "$err" "" "... nothing goes wrong"
uart_exits=$(sed -n 's/^Exits: \([0-9]*\) for the UART.*/\1/p' <<<"${out//$'\r'/}")

# The same by virtio.
capture "${run[@]}" "${put[@]}" "${program[@]}" --exits --console hvc0 --vcpus 4 \
	--append 'quiet run="echo $((6 * 7)); echo new >/mnt/new && sync && cat /mnt/new"' Image
is "$status" 0 "a boot by virtio ends when the guest switches itself off"
like "$out" '4 processors' "... which had four processors"
like "$out" $'\n42\r?\nnew\r?\n' "... and obeyed"
virtio_exits=$(sed -n 's/^Exits: \([0-9]*\) for the UART.*/\1/p' <<<"${out//$'\r'/}")
ok "a console by virtio leaves the UART alone" test "${virtio_exits:-999}" -lt 20
ok "... and a UART has an exit for each character, at least" test "${uart_exits:-0}" -gt 100

# Typed before anybody listens; by virtio the kernel writes its log meanwhile.
capture "${run[@]}" "${put[@]}" "${program[@]}" --append quiet Image <<<'echo $((6 * 7)); poweroff'
like "$status:$out" $'^0:.*\n42\r?\n' "what is typed ahead waits for the shell, by the UART"
capture "${run[@]}" "${put[@]}" "${program[@]}" --console hvc0 Image <<<'echo $((6 * 7)); poweroff'
like "$status:$out" $'^0:.*\n42\r?\n' "... and by virtio"

# Without a word for the console, nobody would see how far a guest comes.
capture "${run[@]}" "${put[@]}" build/code/30-linux --vcpus 1 Image
is "$status" 3 "a guest without an initramfs wants a reset"
like "$out" 'Kernel panic - not syncing: VFS: Unable to mount root fs' "... after it has said why"

capture "${run[@]}" "${put[@]}" --put tests/boot/mistakes.sh --put "$files/Image:large" \
	--put build/code/30-linux "$busybox" sh mistakes.sh
said() { # NAME STATUS WORDS
	like "$(grep "^$1 " <<<"$out")" "^$1 $2 $3" "mistake: $1"
}
said nothing 2 '30-linux: which IMAGE.; see --help'
said two 2 '30-linux: one IMAGE'
said none 1 'none: No such file or directory'
said short 1 'short is no arm64 Image, but something else: .*arch/arm64/boot/Image'
said packed 1 'packed is no arm64 Image, but compressed: gunzip it'
said zimg 1 'zimg is no arm64 Image, but compressed, for EFI'
said elf 1 '30-linux is no arm64 Image, but an ELF file'
said folder 1 '/work is neither a file nor a disk'
said large 1 'Image has [0-9]* MiB, .*: --memory [0-9]+'
said initrd 1 'none: No such file or directory'
said initrd-large 1 'large has [0-9]* MiB, .*: --memory [0-9]+'
said odd 1 'odd has 1000 bytes, .*truncate'
said empty 1 'empty has 0 bytes'
said no-disk 1 'none: No such file or directory'
said memory 2 '30-linux: --memory is 1 to 1047552 MiB'
said vcpus 2 '30-linux: --vcpus is 1 to 8'
said console 2 '30-linux: --console is ttyAMA0 or hvc0'
said tree 1 'disk is no device tree'
said words 2 '30-linux: --append: Linux takes 2047 characters'
said locked 1 'locked: another machine uses it.*--read-only'
like "$out" 'killed 143' "SIGTERM ends a machine"

# On a terminal; Ctrl-A x is for the program, Ctrl-C is the guest's.
cat >"$tmp/terminal.sh" <<'END'
bb=./busybox
before=$($bb stty -g)
./30-linux --exits --initrd initramfs --append quiet Image
echo "left with $?"
[ "$before" = "$($bb stty -g)" ] && echo the terminal is restored
./30-linux Image &
$bb sleep 2
$bb kill -TERM $!
wait $!
[ "$before" = "$($bb stty -g)" ] && echo the terminal is restored again
for way in reset nowhere; do
	./30-linux guest
	echo "$way: $?"
	[ "$before" = "$($bb stty -g)" ] && echo "restored after $way"
done
END
capture python3 tests/boot/terminal.py 280 '+guest:' 'echo $((6*8)); sleep 1000\r' '+48' '\x03' '+guest:' 'echo $((6*7))\r' '+42' \
	'\x01x' '+restored again' '+!' b '+!' n -- "${run[@]}" --tty "${put[@]}" \
	--put build/tests/boot-guest:guest --put build/code/30-linux \
	--put "$tmp/terminal.sh" "$busybox" sh terminal.sh
like "$out" $'\n42' "a guest on a terminal: Ctrl-C ends a command of its own"
like "$out" $'Exits: [0-9]* for the UART[^\n]*\nleft with 0' "... Ctrl-A x leaves, and --exits counts all the same"
like "$out" 'terminal is restored'$'\n' "... and the terminal is as before"
like "$out" 'restored again' "... also after SIGTERM"
like "$out" 'reset: 3'$'\n''restored after reset' "... after a guest that wants a reset"
like "$out" 'nowhere: 1'$'\n''restored after nowhere' "... after one that cannot go on"
like "$out" 'terminal as before' "... and so is this one"

# A small guest that is wicked, and files that are not what they should be.
capture "${run[@]}" --put build/tests/boot-guest:guest --put tests/boot/trials.sh \
	--put build/code/30-linux "$busybox" sh trials.sh
said reads 0 '! DQ0 DQ0$'
said ahead 0 '! I DQ0$'
said again 0 '! E$'
said nowhere 1 '! Nothing is there: MMIO: the guest loads 4 bytes at 0xb000000 '
said reset 3 '!$'
for what in image disk read-only initrd fdt; do
	said $what-fifo 1 'fifo is neither a file nor a disk'
	said $what-folder 1 'folder.* (is neither a file nor a disk|Is a directory)'
done
said save 0 '$'
said fdt 0 '!$'
for what in cut rubbish empty; do
	said fdt-$what 1 '.* is no device tree[.]$'
done
said fdt-append 2 '30-linux: --append goes into the tree'
said fdt-nowhere 1 '.*No such file or directory It cannot be made'
said cut-off 0 '! DQ0 DQ1 DQ0$'
said first 0 '! DQ0$'
said second 0 '! DQ0$'
said writer 1 'disk: another machine uses it'
said no-output 0 '$'
said nothing-open 0 'the same disk$'
said no-input 137 'the same disk$'
said full 1 'Nobody reads what the guest writes: No space left on device'
said TERM 143 '!$'
said HUP 129 '!$'
said QUIT 131 '!$'
