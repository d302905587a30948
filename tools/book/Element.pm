# Writes HTML.  A page is built of elements, and an element of its name, its
# attributes and what is inside; this module alone writes tags, and it escapes
# every text, so no caller can forget to.  Texts and results are bytes of UTF-8.
#
#	element('a', [href => $url, title => $title], element('code', "$name()"), ' here')
#
# Attributes keep their order; one whose value is undef is left out, and one
# whose value is '' stands without a value.
package Element;
use strict;
use warnings;
use Exporter 'import';
use HTML::Entities qw(encode_entities);
our @EXPORT_OK = qw(element html joined written as_is tags html_escape NBSP);

# A piece of HTML is true if there is anything in it.  It is no string: to put
# one into a string is a mistake, because the string would be escaped again.
use overload bool => sub { length ${$_[0]} > 0 },
	'""' => sub { die "a piece of HTML is no string: html() and joined() put pieces together\n" };

# Elements that have no end.
my %is_empty = map { $_ => 1 } qw(br hr img input link meta wbr);

# Escapes a text, also for the value of an attribute.
sub html_escape {
	my ($text) = @_;
	return encode_entities($text, '<>&"');
}

# Takes HTML that another tool has written, such as pandoc.
sub as_is {
	my ($html) = @_;
	return bless \$html, __PACKAGE__;
}

# No line breaks at this blank.
use constant NBSP => as_is('&nbsp;');

# Makes one piece of several pieces and texts.
sub html {
	my $html = '';
	$html .= ref $_ ? $$_ : /[<>&"]/ ? html_escape($_) : $_ for @_;
	return bless \$html, __PACKAGE__;
}

# The same, with a text or a piece between each two.
sub joined {
	my ($between, @pieces) = @_;
	return html(map { ($_ ? $between : (), $pieces[$_]) } 0 .. $#pieces);
}

# Returns the start tag and the end tag, for loops over a million pieces.
sub tags {
	my ($name, $attributes) = @_;
	my $start = "<$name";
	for (my $i = 0; $i < @{$attributes || []}; $i += 2) {
		my ($key, $value) = @$attributes[$i, $i + 1];
		$start .= $value eq '' ? " $key" : " $key=\"" . html_escape($value) . '"' if defined $value;
	}
	return ("$start>", $is_empty{$name} ? '' : "</$name>");
}

# element(NAME, [ATTRIBUTE => VALUE, ...], INSIDE...); the list may be left out.
sub element {
	my ($name, @inside) = @_;
	my ($start, $end) = tags($name, ref $inside[0] eq 'ARRAY' ? shift @inside : undef);
	return html(as_is($start), @inside, as_is($end));
}

# Returns the bytes that a file gets.
sub written {
	my ($html) = @_;
	return $$html;
}

1;
