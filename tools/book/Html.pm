# Reads HTML and changes it.  HTML::Parser takes a page apart and says where each
# piece begins, so an edit replaces exactly that piece, and everything else stays
# the same, byte for byte.  Pages are bytes of UTF-8, and offsets count bytes.
# Element.pm writes HTML.
package Html;
use strict;
use warnings;
use Exporter 'import';
use HTML::Parser ();
our @EXPORT_OK = qw(read_html edited value_place place_of ids_in with_edges);

# Calls HTML::Parser's handlers, start => [sub, argspec], for each piece in order.
# A text is one piece up to the next tag, however long it is.
sub read_html {
	my ($html, %handler) = @_;
	my $parser = HTML::Parser->new(api_version => 3, utf8_mode => 1, unbroken_text => 1,
		map { ("${_}_h" => $handler{$_}) } keys %handler);
	$parser->parse($html);
	$parser->eof;
}

# Replaces pieces of a page.  Each edit is [offset, length, new text]; they come in
# the order of their offsets and do not overlap.
sub edited {
	my ($html, @edits) = @_;
	my ($new, $from) = ('', 0);
	for (@edits) {
		my ($offset, $length, $text) = @$_;
		$new .= substr($html, $from, $offset - $from) . $text;
		$from = $offset + $length;
	}
	return $new . substr $html, $from;
}

# Returns where the value of an attribute is, quotes included, as (offset, length).
# The tag is what a start handler gets for the argspec "offset,text,tokenpos".
sub value_place {
	my ($name, $offset, $text, $places) = @_;
	# The places are offset and length of the tag's name, then of each attribute's
	# name and value.
	for (my $i = 2; $i < @$places; $i += 4) {
		my ($name_at, $name_length, $at, $length) = @$places[$i .. $i + 3];
		return ($offset + $at, $length) if lc(substr $text, $name_at, $name_length) eq $name;
	}
	return;
}

# The same for the tag at an offset of a page.  Only messages ask this way, because
# it parses the tag again.
sub place_of {
	my ($html, $tag, $name) = @_;
	my @place;
	read_html(substr($html, $tag), start => [sub {
		my $parser = shift;
		@place = value_place($name, $tag, @_);
		$parser->eof;
	}, 'self,text,tokenpos']);
	return @place;
}

# Returns the ids of a page, each with how many tags have it.
sub ids_in {
	my ($html) = @_;
	my %ids;
	read_html($html, start => [sub { $ids{$_[0]{id}}++ if defined $_[0]{id} }, 'attr']);
	return \%ids;
}

# Rewrites the edges of a piece of a page: FIRST gets the text before any tag, LAST
# the text after all tags, and each returns the new text.  An edge that is a tag
# stays as it is.
sub with_edges {
	my ($html, $first, $last) = @_;
	my @pieces;
	read_html($html, default => [\@pieces, 'event,text']);
	my @inner = grep { length $_->[1] } @pieces;
	return $html if !@inner;
	$inner[0][1] = $first->($inner[0][1]) if $inner[0][0] eq 'text';
	$inner[-1][1] = $last->($inner[-1][1]) if $inner[-1][0] eq 'text';
	return join '', map { $_->[1] } @inner;
}

1;
