# What a chapter is called by its number, and an appendix by its letter.
package Chapter;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT_OK = qw(chapter_name by_number);

# Returns "chapter 4" or "appendix A".
sub chapter_name {
	my ($number) = @_;
	return ($number =~ /^[A-Z]$/ ? 'appendix' : 'chapter') . " $number";
}

# Compares two of them for sort: chapters by number, then appendices by letter.
sub by_number {
	my ($one, $other) = @_;
	my ($letter, $second) = map { $_ =~ /^\D/ ? 1 : 0 } $one, $other;
	return $letter <=> $second || ($letter ? $one cmp $other : ($one || 0) <=> ($other || 0));
}

1;
