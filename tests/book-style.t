#!/usr/bin/perl
# The colors of tools/book/style pass WCAG AA: text of any color has a contrast
# of 4.5:1 on paper, boxes and highlights, a guide one of 3:1, in light and in
# dark.  A color has one meaning.
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

# Of the hues about that of a clear sky, and no gray.
sub is_blue {
	my ($r, $g, $b) = map { hex } $_[0] =~ /^#(..)(..)(..)$/;
	return $b > $g && $g > $r && $b - $r > 60;
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
	for my $ground (qw(paper box glow)) {
		my $ratio = contrast($colours->{guide}, $colours->{$ground});
		cmp_ok($ratio, '>=', 3, sprintf 'guide on %s, %s: %.1f', $ground, $name, $ratio);
	}
	# Blue is a link, and a place where code runs has a color that nothing else of these has.
	is(join(' ', grep { $_ ne 'link' && is_blue($colours->{$_}) } keys %$colours), '', "only a link is blue, $name");
	ok(is_blue($colours->{link}), "and it is, $name");
	for my $layer (@layers) {
		my @same = grep { $_ ne $layer && !($layer eq 'el2' && $_ eq 'mark') && $colours->{$_} eq $colours->{$layer} } keys %$colours;
		is("@same", '', "nothing else has the color of $layer, $name");
	}
	for my $layer (@layers) {
		my $ground = mixed($colours->{$layer}, $colours->{paper}, $tint);
		for my $text ('ink', $layer) {
			cmp_ok(contrast($colours->{$text}, $ground), '>=', 4.5, "$text in a figure on $layer, $name");
		}
	}
}
my @loaded = $css =~ /url\(([^)]*)\)/g;
is(scalar(grep { !m{^fonts/[a-z-]+\.woff2$} } @loaded), 0, 'nothing is loaded but the faces of the book');
is(scalar(@loaded), 7, 'which are seven');
unlike($css, qr/\@import/, 'and no other style');

# The editions have the roles on white.
my $painted = do { local ($/, @ARGV) = (undef, 'tools/book/editions/drawn.py'); <> };
for my $layer (@layers) {
	like($painted, qr/'$layer': '$light{$layer}'/, "a figure in the editions has the color of $layer");
}
my $paper = do { local ($/, @ARGV) = (undef, 'tools/book/editions/pdf.css'); <> };
my %blue = map { $_ => 1 } grep { is_blue($_) } $paper =~ /(#[0-9a-f]{6})/g;
is(join(' ', keys %blue), $light{link}, 'in the PDF only a link is blue');
done_testing();
