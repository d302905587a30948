# shellcheck shell=sh disable=SC2086,SC2116,SC2034,SC2046,SC2005
# Runs in the lab: chapter 30's program with the guest of guest.S, which obeys
# characters.  Each row of output: the case, the exit status, what was said on
# one line.
p=./30-linux bb=./busybox
$bb head -c 1024 /dev/zero | $bb tr '\0' Q >disk
$bb cp disk whole
say() { # NAME STATUS [FILE]
	echo "$1 $2 $(echo $($bb cat ${3:-said}))"
}
try() { # NAME TYPED OPTION...
	name=$1 typed=$2
	shift 2
	printf '%s' "$typed" | $bb timeout -s KILL 20 $p "$@" >said 2>&1
	say $name $?
}

# A guest that is wicked.
try reads rrp --disk disk guest
try ahead irp --disk disk guest
try again ep --disk disk guest
try nowhere n guest
try reset b guest

# Files that are not what they should be.
$bb mkfifo fifo
$bb mkdir folder
for what in fifo folder; do
	try image-$what p $what
	try disk-$what p --disk $what guest
	try read-only-$what p --read-only --disk $what guest
	try initrd-$what p --initrd $what guest
	try fdt-$what p --fdt $what guest
done
try save p --save-fdt tree guest
try fdt p --fdt tree guest
$bb head -c 100 tree >part
try fdt-cut p --fdt part guest
{ $bb head -c 4 tree; $bb head -c 4092 /dev/urandom; } >rubbish
try fdt-rubbish p --fdt rubbish guest
try fdt-empty p --fdt /dev/null guest
try fdt-append p --fdt tree --append x guest
try fdt-nowhere p --save-fdt none/tree guest

# The disk is cut off while the guest runs, and somebody else makes it again.
{ printf r; $bb sleep 1; : >disk; printf r; $bb sleep 1; $bb cat whole >disk; printf rp; } |
	$p --disk disk guest >said 2>&1
say cut-off $?

# Two machines with the same files.
{ $bb sleep 2; printf rp; } | $p --read-only --disk disk guest >first 2>&1 &
$bb sleep 1
try second rp --read-only --disk disk guest
try writer rp --disk disk guest
wait $!
say first $? first

# Without somebody who reads.
printf rp | $p --disk disk guest >&- 2>said
say no-output $?
printf rp | $p --disk disk guest >&- 2>&-
echo "nothing-open $? $($bb cmp disk whole && echo the same disk)"
$bb timeout -s KILL 3 $p --disk disk guest <&- >&- 2>&-
echo "no-input $? $($bb cmp disk whole && echo the same disk)"
printf rp | $p --disk disk guest 2>said >/dev/full
say full $?

# Signals.
for signal in TERM HUP QUIT; do
	$p guest >said 2>&1 </dev/null &
	$bb sleep 1
	$bb kill -$signal $!
	wait $!
	say $signal $?
done
