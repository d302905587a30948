# shellcheck shell=sh disable=SC2086,SC2116
# Runs in the lab: what chapter 30's program says to what cannot work.
# Each row of output: the case, the exit status, what was said on one line.
p=./30-linux bb=./busybox
printf 'hello' >short
printf '\037\213\010 and so on' >packed
{ printf 'MZ\0\0zimg'; $bb head -c 600 disk; } >zimg
$bb head -c 1000 disk >odd
: >empty
$bb cp disk locked
try() {
	name=$1
	shift
	said=$($bb timeout -s KILL 20 $p "$@" 2>&1 </dev/null)
	echo "$name $? $(echo $said)"
}
try nothing
try two a b
try none none
try short short
try packed packed
try zimg zimg
try elf 30-linux
try folder /work
try large --memory 8 Image
try initrd --initrd none Image
try initrd-large --memory 64 --initrd large Image
try odd --disk odd Image
try empty --disk empty Image
try no-disk --disk none Image
try memory --memory x Image
try vcpus --vcpus 9 Image
try console --console tty Image
try tree --fdt disk Image
try words --append "$($bb head -c 2100 /dev/zero | $bb tr '\0' x)" Image
$p --disk locked Image >/dev/null 2>&1 </dev/null &
$bb sleep 1
try locked --disk locked Image
$bb kill -TERM $!
wait $!
echo "killed $?"
