#!/usr/bin/perl
# The colors of tools/book/style pass WCAG AA: text of any color has a contrast
# of 4.5:1 on paper, boxes and highlights, in light and in dark.
use strict;
use warnings;
use Test::More;

my $css = do { local ($/, @ARGV) = (undef, glob 'tools/book/style/*.css'); join '', <> };
my (%light, %dark);
while ($css =~ /--(\w+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g) {
	$light{$1} = $2;
	$dark{$1} = $3;
}
my @text = qw(ink soft faint link mark keyword type string number macro comment);
my @layers = qw(user kernel el2 guest);	# of figures

sub luminance {
	my @rgb = map { hex($_) / 255 } $_[0] =~ /^#(..)(..)(..)$/;
	my ($r, $g, $b) = map { $_ <= .04045 ? $_ / 12.92 : (($_ + .055) / 1.055) ** 2.4 } @rgb;
	return .2126 * $r + .7152 * $g + .0722 * $b;
}

sub contrast {
	my ($one, $two) = sort { $b <=> $a } map { luminance($_) } @_;
	return ($one + .05) / ($two + .05);
}

# As color-mix() mixes in sRGB.
sub mixed {
	my ($one, $two, $percent) = @_;
	my @one = map { hex } $one =~ /^#(..)(..)(..)$/;
	my @two = map { hex } $two =~ /^#(..)(..)(..)$/;
	return '#' . join '', map { sprintf '%02x', ($one[$_] * $percent + $two[$_] * (100 - $percent)) / 100 } 0 .. 2;
}
my ($tint) = $css =~ /\.drawn .*color-mix\(in srgb, currentColor (\d+)%, transparent\)/;
ok($tint, 'the tint of a layer in a figure');
my @drawn = grep { /^\.drawn/ } split /\n/, $css;
is((join "\n", grep { /#[0-9a-f]{3}|\b(?:black|white|rgb)/ } @drawn), '', 'figures have no colours but those of the page');

for (['light', \%light], ['dark', \%dark]) {
	my ($name, $colours) = @$_;
	for my $ground (qw(paper box glow)) {
		for my $text (@text, @layers) {
			my $ratio = contrast($colours->{$text}, $colours->{$ground});
			cmp_ok($ratio, '>=', 4.5, sprintf '%s on %s, %s: %.1f', $text, $ground, $name, $ratio);
		}
	}
	for my $layer (@layers) {
		my $ground = mixed($colours->{$layer}, $colours->{paper}, $tint);
		for my $text ('ink', $layer) {
			cmp_ok(contrast($colours->{$text}, $ground), '>=', 4.5, "$text in a figure on $layer, $name");
		}
	}
}
unlike($css, qr/url\(|\@import/, 'nothing is loaded');
done_testing();
