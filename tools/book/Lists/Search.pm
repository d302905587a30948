# search-rows.js: what can be searched for, in order; search-index makes lunr's
# index of it, and script/find.js searches that.
package Lists::Search;
use strict;
use warnings;
use Exporter 'import';
use Lists::Read qw(descriptor);
use Lists::Functions qw(functions);
use Lists::Ioctls qw(ioctls descriptors);
use Lists::Errors qw(failures errnos says exits);
our @EXPORT_OK = qw(search_js);

sub quoted {
	my ($text) = @_;
	return '"' . ($text =~ s/([\\"])/\\$1/gr =~ s/[\x00-\x1f]+/ /gr) . '"';
}

# A row: kind, address, title, what stands below it, text, code.
sub row { return '[' . join(',', map { quoted($_) } @_) . ']' }

sub calls {
	my ($book) = @_;
	my $all = ioctls($book);
	my @rows;
	for my $name (sort keys %$all) {
		my @fds = map { descriptor($_) } descriptors($book, $name);
		push @rows, row('call', "ioctls.html#$name", $name, 'ioctl on ' . join(', ', @fds), $all->{$name}{type}, '');
	}
	for my $errno (errnos($book)) {
		push @rows, row('call', "errors.html#$errno", $errno, says($errno), '', '');
	}
	my %first;
	$first{"$_->{errno} $_->{name}"}{"$_->{first}()"} = 1 for grep { $_->{first} ne '' } @{failures($book)};
	for (sort keys %first) {
		my ($errno, $name) = split / /;
		push @rows, row('call', "errors.html#$errno-$name", "$errno from $name", join(', ', sort keys %{$first{$_}}), '', '');
	}
	push @rows, row('call', "errors.html#$_->{name}", $_->{name}, "exit reason $_->{value}", '', '') for exits($book);
	return @rows;
}

# What an entry of What goes wrong is called: "EINVAL: a wrong target".  Where the
# chapter has no words for the condition, the first words of the entry say it.
sub wrong_title {
	my ($wrong) = @_;
	my $title = $wrong->{title} =~ s/\.$//r;
	return "$title: $wrong->{when}" if $wrong->{when} ne '';
	return $title if $title !~ /^E[A-Z0-9]+(?: from [\w ]+)?$/;
	my ($first) = $wrong->{words} =~ /^([^.;:]+)/ or return $title;
	$first =~ s/^(.{0,70}) .*/$1 …/ if length $first > 70;
	return $title . ($first =~ /^,/ ? '' : $first =~ /^[A-Z]/ ? ': ' : ' ') . $first;
}

# The entries of What goes wrong that are no places of their own: the rows of its
# tables, and all but the first of a paragraph.
sub wrong_rows {
	my ($page) = @_;
	my %place = map { $_->{id} => 1 } @{$page->{places}};
	return map { row('section', "$page->{file}#$_->{id}", wrong_title($_), "$page->{number}. $page->{title}", $_->{words}, '') }
		grep { !$place{$_->{id}} } @{$page->{wrong}};
}

# A place of a chapter.  A row shows its title, so the text does not begin with it.
sub place_row {
	my ($page, $place, $wrong) = @_;
	my $text = join ' ', @{$place->{text}};
	my $code = join ' ', @{$place->{code}};
	my $title = "$page->{number}. $page->{title}";
	return row('section', $page->{file}, $title, $page->{question}, $text, $code) if $place->{id} eq '';
	$text =~ s/^\Q$place->{title}\E\s*// if $place->{title} =~ /[.:?!]$/;
	return row('section', "$page->{file}#$place->{id}", $wrong ? wrong_title($wrong) : $place->{title} =~ s/\.$//r, $title, $text, $code);
}

sub search_js {
	my ($book) = @_;
	my $all = functions($book);
	my @rows = calls($book);
	push @rows, row('function', "functions.html#$_", $_, $all->{$_}[0] // '', '', '') for sort keys %$all;
	push @rows, row('term', "glossary.html#$_->{id}", $_->{name}, $_->{forms}, $_->{text}, '') for @{$book->{terms}};
	for my $page (@{$book->{pages}}) {
		my %wrong = map { $_->{id} => $_ } @{$page->{wrong}};
		push @rows, map { place_row($page, $_, $wrong{$_->{id}}) } grep { @{$_->{text}} || @{$_->{code}} } @{$page->{places}};
		push @rows, wrong_rows($page);
	}
	return "const SEARCH_ROWS = [\n" . join(",\n", @rows) . "\n];\n";
}

1;
