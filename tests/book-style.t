#!/usr/bin/perl
# The colours of tools/book/style.css pass WCAG AA: text of any colour has a
# contrast of 4.5:1 on the paper and on the box, in light and in dark.
use strict;
use warnings;
use Test::More;

open my $in, '<', 'tools/book/style.css' or die "style.css: $!\n";
my $css = do { local $/; <$in> };
my ($light, $dark) = map { { /--(\w+): (#[0-9a-f]{6});/g } } split /prefers-color-scheme: dark/, $css, 2;
my @text = qw(ink soft faint link mark keyword type string number macro comment);

sub luminance {
	my @rgb = map { hex($_) / 255 } $_[0] =~ /^#(..)(..)(..)$/;
	my ($r, $g, $b) = map { $_ <= .04045 ? $_ / 12.92 : (($_ + .055) / 1.055) ** 2.4 } @rgb;
	return .2126 * $r + .7152 * $g + .0722 * $b;
}

sub contrast {
	my ($one, $two) = sort { $b <=> $a } map { luminance($_) } @_;
	return ($one + .05) / ($two + .05);
}

for (['light', $light], ['dark', $dark]) {
	my ($name, $colours) = @$_;
	for my $ground (qw(paper box)) {
		for my $text (@text) {
			my $ratio = contrast($colours->{$text}, $colours->{$ground});
			cmp_ok($ratio, '>=', 4.5, sprintf '%s on %s, %s: %.1f', $text, $ground, $name, $ratio);
		}
	}
	cmp_ok(contrast($colours->{ink}, $colours->{glow}), '>=', 4.5, "ink on glow, $name");
}
unlike($css, qr/url\(|\@import/, 'nothing is loaded');
done_testing();
